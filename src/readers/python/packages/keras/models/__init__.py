"""keras.models"""

from .model import Model as Model
from .model import clone_model as clone_model
from .model import load_model as load_model
from .model import model_from_json as model_from_json
from .sequential import Sequential as Sequential

Functional = Model
save_model = None


def __getattr__(name: str) -> object:
    from gradient_lens.inert import Inert

    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'keras.models.{name}')
