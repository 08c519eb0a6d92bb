"""KerasHub (once KerasNLP): its layers, and the architectures behind the names of its presets. Weights never load."""
