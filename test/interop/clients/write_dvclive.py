"""Logs with dvclive into dvclive/ and elsewhere/, below the folder that is the argument."""

import os
import sys

from dvclive import Live

os.chdir(sys.argv[1])
for folder in ("dvclive", "elsewhere"):
    with Live(folder, save_dvc_exp=False, dvcyaml=None, report=None) as live:
        live.log_param("lr", 0.01)
        live.log_params({"model": {"depth": 3, "name": "cnn"}})
        for epoch in range(5):
            live.log_metric("train/loss", 1 / (epoch + 1), timestamp=True)
            live.log_metric("accuracy", epoch / 5)
            live.next_step()
        live.log_metric("test/f1", 0.75, plot=False)
