"""The Python side of the sealed interpreter: what it refuses, where the user's file stands, how a request is answered.

The wall itself is outside, in the imports of the WebAssembly module; nothing here is trusted to hold. This package makes
denied calls readable: they raise at the statement that made them, so that the rest of the file can still be read.
"""

from gradient_lens_sandbox.refusals import Refused
from gradient_lens_sandbox.time_limit import TimeLimitReached

__all__ = ['Refused', 'TimeLimitReached']
