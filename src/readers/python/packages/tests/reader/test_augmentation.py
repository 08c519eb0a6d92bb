"""Transforms of torchvision as layers of a model: exact where nothing is drawn, else the middle draw, told as a guess."""

from typing import Any

import torch
from gradient_lens.recorder import Recorder
from torchvision import transforms as T
from torchvision.transforms import functional as TF

from .reading_case import ReadingCase

NET = """
import torchvision.transforms as T

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.change = CHANGE
        self.layer = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.layer(self.change(x))

Net()(torch.randn(2, 3, 20, 24))
"""


class AugmentationTest(ReadingCase):
    def model(self, change: str) -> Any:
        return self.only(self.read(NET.replace('CHANGE', change)))

    def shape_into_layer(self, model: Any) -> list[int]:
        graph = model['graph']
        [conv] = [node for node in graph['nodes'] if node['op'] == 'conv']
        return graph['values'][conv['inputs'][0]]['shape']

    def test_exact_ones_are_no_guess(self) -> None:
        for change, shape in {
            'T.Normalize((0.5, 0.4, 0.3), (0.1, 0.2, 0.3))': [2, 3, 20, 24],
            'T.Resize(10)': [2, 3, 10, 12],
            'T.Resize((8, 9), T.InterpolationMode.NEAREST)': [2, 3, 8, 9],
            'T.CenterCrop(30)': [2, 3, 30, 30],
            'T.Pad((1, 2))': [2, 3, 24, 26],
            'T.Grayscale(3)': [2, 3, 20, 24],
            'nn.Sequential(T.Resize(40), T.CenterCrop(16))': [2, 3, 16, 16],
        }.items():
            model = self.model(change)
            self.assertEqual(self.shape_into_layer(model), shape, change)
            self.assertEqual(model['guesses'], [], change)

    def test_a_blur_is_a_convolution(self) -> None:
        for change, guesses in (('T.GaussianBlur(3, 1.0)', 0), ('T.GaussianBlur((3, 5), (0.5, 1.5))', 1)):
            model = self.model(change)
            self.assertEqual(len(model['guesses']), guesses)
            shapes = [model['graph']['values'][node['outputs'][0]]['shape'] for node in model['graph']['nodes'] if node['op'] == 'conv']
            self.assertEqual(shapes, [[2, 3, 20, 24], [2, 4, 18, 22]])

    def test_chance_is_told(self) -> None:
        for change, shape in {
            'nn.Sequential(T.ColorJitter(0.4), T.RandomGrayscale(p=0.2))': [2, 3, 20, 24],
            'T.RandomHorizontalFlip()': [2, 3, 20, 24],
            'T.RandomResizedCrop((12, 12), scale=(0.05, 0.4))': [2, 3, 12, 12],
            'T.RandomCrop(20, padding=4)': [2, 3, 20, 20],
            'T.RandomApply([T.Resize(5)], p=0.3)': [2, 3, 20, 24],
        }.items():
            model = self.model(change)
            self.assertEqual(self.shape_into_layer(model), shape, change)
            self.assertIn('drawn afresh', model['guesses'][0]['message'], change)

    def test_numbers(self) -> None:
        picture = torch.arange(48.0).reshape(1, 3, 4, 4)
        with Recorder():
            self.assertEqual(TF.center_crop(picture, 2)[0, 0].tolist(), [[5, 6], [9, 10]])
            self.assertEqual(TF.hflip(picture)[0, 0, 0].tolist(), [3, 2, 1, 0])
            self.assertEqual(TF.crop(picture, 3, 3, 2, 2)[0, 0].tolist(), [[15, 0], [0, 0]])
            normal = T.Normalize((1.0, 2.0, 3.0), (2.0, 2.0, 4.0))(picture)
            self.assertEqual(normal[0, :, 0, 0].tolist(), [-0.5, 7.0, 7.25])
            self.assertAlmostEqual(T.Grayscale()(picture)[0, 0, 0, 0].item(), 0.587 * 16 + 0.114 * 32, places=4)
            corners = [crop[0, 0].tolist() for crop in T.FiveCrop(1)(picture)]
            self.assertEqual(corners, [[[0]], [[3]], [[12]], [[15]], [[10]]])

    def test_what_is_not_followed_is_refused(self) -> None:
        text = NET.replace('self.change = CHANGE', 'pass').replace('self.change(x)', 'T.functional.rotate(x, 30)')
        [model] = self.read(text)['models']
        self.assertIn('functional.rotate', model['unread']['message'])
