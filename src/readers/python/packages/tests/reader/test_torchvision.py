"""torchvision's stand-ins: published parameter counts, transforms that know shapes, weights that never load."""

import unittest

import torch
from gradient_lens.inert import Inert
from torchvision import datasets, models
from torchvision import transforms as T

from .reading_case import ReadingCase


class BuildersTest(unittest.TestCase):
    def test_published_parameter_counts(self) -> None:
        # The documentation of torchvision.models gives these.
        for name, count in {
            'resnet18': 11_689_512, 'resnet34': 21_797_672, 'resnet50': 25_557_032, 'resnet152': 60_192_808,
            'resnext50_32x4d': 25_028_904, 'wide_resnet50_2': 68_883_240, 'vgg11': 132_863_336, 'vgg16': 138_357_544,
            'vgg19_bn': 143_678_248, 'alexnet': 61_100_840, 'mobilenet_v2': 3_504_872,
        }.items():  # fmt: skip
            model = getattr(models, name)()
            self.assertEqual(sum(p.numel() for p in model.parameters()), count, name)
            self.assertEqual(tuple(model(torch.randn(2, 3, 224, 224)).shape), (2, 1000))

    def test_what_is_not_here_is_unknown(self) -> None:
        self.assertIsInstance(models.swin_t(), Inert)


class WeightsTest(ReadingCase):
    def test_fine_tuning(self) -> None:
        model = self.only(self.read("""
        from torchvision import models
        net = models.resnet18(weights='IMAGENET1K_V1')
        for p in net.parameters():
            p.requires_grad = False
        net.fc = nn.Linear(net.fc.in_features, 5)
        net(torch.randn(8, 3, 224, 224))
        """))
        parameters = {item['name']: item for item in model['graph']['parameters']}
        self.assertEqual(parameters['conv1.weight']['initialiserOrigin'], 'checkpoint')
        self.assertFalse(parameters['conv1.weight']['trainable'])
        self.assertEqual(parameters['fc.weight']['initialiserOrigin'], 'default')
        self.assertEqual(self.line(parameters['layer1.0.conv1.weight']['span']), 6)
        self.assertEqual(model['graph']['inputs'][0]['shape'], [2, 3, 224, 224])


class TransformsTest(unittest.TestCase):
    def shape(self, *transforms: object) -> object:
        picture, _ = datasets.STL10('x', transform=T.Compose([*transforms, T.ToTensor()]))[0]
        return picture if isinstance(picture, Inert) else tuple(picture.shape)

    def test_shapes(self) -> None:
        self.assertEqual(self.shape(), (3, 96, 96))
        self.assertEqual(self.shape(T.Resize((20, 30)), T.Grayscale()), (1, 20, 30))
        self.assertEqual(self.shape(T.Pad(2), T.RandomHorizontalFlip()), (3, 100, 100))
        self.assertEqual(self.shape(T.RandomResizedCrop(50), T.RandomApply([T.ColorJitter(0.4)])), (3, 50, 50))
        self.assertEqual(self.shape(T.Lambda(lambda p: p.convert('L'))), (1, 96, 96))

    def test_tensors(self) -> None:
        chain = T.Compose([T.ToTensor(), T.CenterCrop(10), T.Normalize([0.5], [0.5]), T.RandomErasing()])
        self.assertEqual(tuple(datasets.MNIST('x', True, chain)[0][0].shape), (1, 10, 10))

    def test_classes_and_splits(self) -> None:
        self.assertEqual(len(datasets.CIFAR100('x').classes), 100)
        self.assertEqual((len(datasets.MNIST('x')), len(datasets.MNIST('x', train=False))), (60_000, 10_000))
        self.assertEqual(datasets.EMNIST('x', 'letters').labels, 27)
        self.assertIsInstance(datasets.ImageFolder('x').classes, Inert)
        self.assertEqual(tuple(datasets.MNIST('x').data.shape), (60_000, 28, 28))


if __name__ == '__main__':
    unittest.main()
