"""keras.models"""

from .model import Model as Model
from .saving import clone_model as clone_model
from .saving import load_model as load_model
from .saving import model_from_json as model_from_json
from .saving import save_model as save_model
from .sequential import Sequential as Sequential

Functional = Model


def __getattr__(name: str) -> object:
    from gradient_lens.inert import Inert

    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'keras.models.{name}')
