"""The parts of export_to_onnx.py: the original's source, fusing, quantising, texts that verify."""
