"""`torch.distributions.normal`."""

from . import Normal as Normal
