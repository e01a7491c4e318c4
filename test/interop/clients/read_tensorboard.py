"""What TensorBoard itself reads below a folder: run to tag to [step, value]."""

import json
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

root = sys.argv[1]
found = {}
for folder, _, files in os.walk(root):
    if not any("tfevents" in name for name in files):
        continue
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    tags = {
        tag: [[event.step, repr(float(event.value))] for event in accumulator.Scalars(tag)]
        for tag in accumulator.Tags()["scalars"]
    }
    scalars = accumulator._plugin_to_tag_to_content["scalars"]
    for tag in accumulator.Tags()["tensors"]:
        if tag in scalars:
            tags[tag] = [
                [event.step, repr(float(tensor_util.make_ndarray(event.tensor_proto)))]
                for event in accumulator.Tensors(tag)
            ]
    found[os.path.relpath(folder, root)] = tags
json.dump(found, sys.stdout)
