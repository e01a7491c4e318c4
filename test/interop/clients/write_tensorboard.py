"""Writes event files as real writers do, in the old and the new encoding. The folder is the argument."""

import sys

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.scalar import summary_v2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboardX import SummaryWriter

root = sys.argv[1]

with SummaryWriter(f"{root}/torch") as writer:
    for step in range(50):
        writer.add_scalar("loss/train", 1 / (step + 1), step)
        writer.add_scalar("accuracy", step / 50, step)
    writer.add_scalar("diverged", float("nan"), 1)
    writer.add_histogram("weights", np.arange(100), 1)
    writer.add_text("note", "hello", 1)
    writer.add_hparams({"lr": 0.01, "layers": 3, "model": "cnn", "bias": True}, {"hparam/f1": 0.5}, name="search")

with SummaryWriter(f"{root}/resumed") as writer:
    for step in range(10):
        writer.add_scalar("loss", step, step)
with SummaryWriter(f"{root}/resumed", purge_step=5, filename_suffix=".2") as writer:
    for step in range(5, 8):
        writer.add_scalar("loss", 100 + step, step)

# The new encoding: tensors, as tf.summary.scalar and Keras write them.
writer = EventFileWriter(f"{root}/keras/train")
for step in range(30):
    summary = summary_v2.scalar_pb("epoch_loss", 1 / (step + 2))
    if step > 0:
        summary.value[0].ClearField("metadata")
    writer.add_event(event_pb2.Event(step=step, wall_time=1764000000 + step, summary=summary))
for index, dtype in enumerate([np.float64, np.float16, np.int32, np.int64, np.uint8]):
    value = summary_pb2.Summary.Value(tag=f"typed/{np.dtype(dtype).name}", metadata=summary_v2.scalar_pb("x", 0.0).value[0].metadata)
    from tensorboard.util import tensor_util

    value.tensor.CopyFrom(tensor_util.make_tensor_proto(np.array(index + 1, dtype=dtype)))
    writer.add_event(event_pb2.Event(step=1, wall_time=1764000000, summary=summary_pb2.Summary(value=[value])))
writer.close()
