"""torchvision's stand-ins: published parameter counts, transforms that know shapes, weights that never load."""

import unittest
from typing import Any

import torch
from gradient_lens.inert import Inert
from torchvision import datasets, models, ops
from torchvision import transforms as T

from .reading_case import ReadingCase


#: Parameters as the documentation of torchvision.models gives them.
_PUBLISHED = {
    'alexnet': 61_100_840, 'convnext_base': 88_591_464, 'convnext_tiny': 28_589_128, 'densenet121': 7_978_856,
    'densenet161': 28_681_000, 'densenet201': 20_013_928, 'efficientnet_b0': 5_288_548, 'efficientnet_b7': 66_347_960,
    'efficientnet_v2_s': 21_458_488, 'efficientnet_v2_l': 118_515_272, 'maxvit_t': 30_919_624, 'mnasnet0_5': 2_218_512,
    'mnasnet1_0': 4_383_312, 'mobilenet_v2': 3_504_872, 'mobilenet_v3_large': 5_483_032, 'mobilenet_v3_small': 2_542_856,
    'regnet_x_400mf': 5_495_976, 'regnet_y_400mf': 4_344_144, 'regnet_y_128gf': 644_812_894, 'resnet101': 44_549_160,
    'resnet152': 60_192_808, 'resnet18': 11_689_512, 'resnet34': 21_797_672, 'resnet50': 25_557_032,
    'resnext101_64x4d': 83_455_272, 'resnext50_32x4d': 25_028_904, 'shufflenet_v2_x0_5': 1_366_792,
    'shufflenet_v2_x1_0': 2_278_604, 'squeezenet1_0': 1_248_424, 'squeezenet1_1': 1_235_496, 'swin_b': 87_768_224,
    'swin_t': 28_288_354, 'swin_v2_t': 28_351_570, 'vgg11': 132_863_336, 'vgg16': 138_357_544, 'vgg19_bn': 143_678_248,
    'vit_b_16': 86_567_656, 'vit_b_32': 88_224_232, 'vit_h_14': 632_045_800, 'vit_l_16': 304_326_632,
    'wide_resnet50_2': 68_883_240,
}  # fmt: skip


def _count(model: Any) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


class BuildersTest(unittest.TestCase):
    def test_published_parameter_counts(self) -> None:
        for name, count in _PUBLISHED.items():
            self.assertEqual(_count(models.get_model(name)), count, name)

    def test_auxiliary_heads(self) -> None:
        # The documentation leaves the auxiliary heads out of 6,624,904, and counts them in for inception_v3.
        net = models.get_model('googlenet')
        heads = _count(net.aux1) + _count(net.aux2)
        self.assertEqual(_count(net) - heads, 6_624_904)
        self.assertEqual([tuple(out.shape) for out in net(torch.randn(2, 3, 64, 64))], [(2, 1000)] * 3)
        self.assertEqual(_count(models.inception_v3()), 27_161_264)
        self.assertEqual(_count(models.get_model('googlenet', weights='DEFAULT')), 6_624_904)

    def test_one_of_each_family_runs(self) -> None:
        names = (
            'alexnet convnext_tiny densenet121 efficientnet_b0 efficientnet_v2_s maxvit_t@224 mnasnet0_5 mobilenet_v2 '
            'mobilenet_v3_small regnet_x_400mf regnet_y_400mf resnet18 resnet50 shufflenet_v2_x0_5 squeezenet1_0 '
            'squeezenet1_1 swin_t swin_v2_t vgg11_bn vit_b_32@224'
        )
        for name, _, side in (item.partition('@') for item in names.split()):
            size = int(side or 64)
            self.assertEqual(tuple(models.get_model(name)(torch.randn(2, 3, size, size)).shape), (2, 1000), name)
        logits, aux = models.inception_v3()(torch.randn(2, 3, 299, 299))
        self.assertEqual((tuple(logits.shape), tuple(aux.shape)), ((2, 1000), (2, 1000)))
        for name in models.list_models(models.video):
            self.assertEqual(tuple(models.get_model(name)(torch.randn(2, 3, 4, 32, 32)).shape), (2, 400), name)
        for name in ('fcn_resnet50', 'deeplabv3_resnet50', 'deeplabv3_mobilenet_v3_large', 'lraspp_mobilenet_v3_large'):
            self.assertEqual(tuple(models.get_model(name)(torch.randn(2, 3, 64, 64))['out'].shape), (2, 21, 64, 64), name)

    def test_segmentation(self) -> None:
        net = models.segmentation.fcn_resnet50(num_classes=5, aux_loss=True, weights_backbone=None)
        out = net(torch.randn(2, 3, 64, 64))
        self.assertEqual({name: tuple(item.shape) for name, item in out.items()}, {'out': (2, 5, 64, 64), 'aux': (2, 5, 64, 64)})
        # Unless told otherwise the backbone's weights are trained ones, which are not here.
        origins = [next(part.parameters())._record.origin for part in models.segmentation.fcn_resnet50().children()]
        self.assertEqual(origins, ['checkpoint', 'default'])

    def test_what_is_not_here_is_unknown(self) -> None:
        self.assertIsInstance(models.raft_small(), Inert)
        self.assertIsInstance(models.detection.fasterrcnn_resnet50_fpn(), Inert)


class OpsTest(unittest.TestCase):
    def test_blocks(self) -> None:
        x = torch.randn(2, 8, 9, 9)
        self.assertEqual(tuple(ops.Conv2dNormActivation(8, 4, 3, 2)(x).shape), (2, 4, 5, 5))
        self.assertEqual(tuple(ops.SqueezeExcitation(8, 2)(x).shape), (2, 8, 9, 9))
        self.assertEqual(tuple(ops.StochasticDepth(0.5, 'row')(x).shape), (2, 8, 9, 9))
        self.assertEqual(tuple(ops.MLP(9, [5, 3])(x).shape), (2, 8, 9, 3))
        pyramid = ops.FeaturePyramidNetwork([8, 16], 4)
        maps = pyramid({'a': x, 'b': torch.randn(2, 16, 5, 5)})
        self.assertEqual([tuple(item.shape) for item in maps.values()], [(2, 4, 9, 9), (2, 4, 5, 5)])
        self.assertEqual(len(list(ops.FrozenBatchNorm2d(8).parameters())), 0)

    def test_boxes(self) -> None:
        boxes = torch.tensor([[0.0, 0.0, 2.0, 2.0], [1.0, 1.0, 3.0, 4.0]])
        self.assertEqual(ops.box_area(boxes).tolist(), [4.0, 6.0])
        self.assertEqual(ops.box_convert(boxes, 'xyxy', 'cxcywh').tolist(), [[1.0, 1.0, 2.0, 2.0], [2.0, 2.5, 2.0, 3.0]])
        overlaps = ops.box_iou(boxes, boxes).tolist()
        self.assertEqual(overlaps[0][0], 1.0)
        self.assertAlmostEqual(overlaps[0][1], 1 / 9)
        # Hull 3 x 4 = 12, joint area 9.
        self.assertAlmostEqual(ops.generalized_box_iou(boxes, boxes).tolist()[0][1], 1 / 9 - 3 / 12)


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
