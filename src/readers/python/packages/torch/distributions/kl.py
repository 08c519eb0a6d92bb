"""`torch.distributions.kl`."""

from . import kl_divergence as kl_divergence
