"""keras.applications: the published architectures, built from layers. Their pretrained weights are never loaded."""
