"""ED-ResNets in PyTorch, with the parameter names of the published code, for comparison with edviz."""

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, width, stride, groups=32):
        super().__init__()
        outputs = width * 4
        self.conv_conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn_bn1 = nn.BatchNorm2d(width)
        self.conv_conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn_bn2 = nn.BatchNorm2d(width)
        self.conv_conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn_bn3 = nn.BatchNorm2d(outputs)
        self.shortcut = None
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential()
            self.shortcut.shortcut_conv = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.shortcut.shortcut_bn = nn.BatchNorm2d(outputs)
        self.encoder, self.decoder = nn.Module(), nn.Module()
        self.encoder.encoder_conv = nn.Conv2d(outputs, width, 3, 2, 1, groups=groups, bias=False)
        self.encoder.encoder_bn = nn.BatchNorm2d(width)
        self.decoder.decoder_conv = nn.ConvTranspose2d(width, outputs, 3, 2, 1, groups=groups, bias=False)
        self.decoder.decoder_bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        f = torch.relu(self.bn_bn1(self.conv_conv1(x)))
        f = torch.relu(self.bn_bn2(self.conv_conv2(f)))
        f = self.bn_bn3(self.conv_conv3(f))
        p = x
        if self.shortcut is not None:
            p = self.shortcut.shortcut_bn(self.shortcut.shortcut_conv(x))
        e = torch.relu(self.encoder.encoder_bn(self.encoder.encoder_conv(p)))
        d = self.decoder.decoder_bn(self.decoder.decoder_conv(e, output_size=p.shape[2:]))
        return torch.relu(f + p + d)


class EDResNet50(nn.Module):
    def __init__(self, classes=1000, blocks=(3, 4, 6, 3)):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.pool = nn.MaxPool2d(3, 2, 1)
        inputs = 64
        for stage, (depth, width) in enumerate(zip(blocks, (64, 128, 256, 512)), start=1):
            layer = nn.Sequential()
            for j in range(depth):
                stride = 2 if j == 0 and stage > 1 else 1
                layer.add_module(f"layer{stage}_block_{j}", Block(inputs, width, stride))
                inputs = width * 4
            self.add_module(f"layer{stage}", layer)
        self.fc = nn.Linear(inputs, classes)

    def features(self, x):
        x = self.pool(torch.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))


class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride, groups=16):
        super().__init__()
        self.conv_conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn_bn1 = nn.BatchNorm2d(width)
        self.conv_conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn_bn2 = nn.BatchNorm2d(width)
        self.shortcut = None
        if stride != 1 or inputs != width:
            self.shortcut = nn.Sequential()
            self.shortcut.shortcut_conv = nn.Conv2d(inputs, width, 1, stride, bias=False)
            self.shortcut.shortcut_bn = nn.BatchNorm2d(width)
        self.encoder, self.decoder = nn.Module(), nn.Module()
        self.encoder.encoder_conv = nn.Conv2d(width, width, 3, 2, 1, groups=groups, bias=False)
        self.encoder.encoder_bn = nn.BatchNorm2d(width)
        self.decoder.decoder_conv = nn.ConvTranspose2d(width, width, 3, 2, 1, groups=groups, bias=False)
        self.decoder.decoder_bn = nn.BatchNorm2d(width)

    def forward(self, x):
        f = self.bn_bn2(self.conv_conv2(torch.relu(self.bn_bn1(self.conv_conv1(x)))))
        p = x
        if self.shortcut is not None:
            p = self.shortcut.shortcut_bn(self.shortcut.shortcut_conv(x))
        e = torch.relu(self.encoder.encoder_bn(self.encoder.encoder_conv(p)))
        d = self.decoder.decoder_bn(self.decoder.decoder_conv(e, output_size=p.shape[2:]))
        return torch.relu(f + p + d)


class CIFAREDResNet(nn.Module):
    def __init__(self, depth, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        inputs = 16
        for stage, width in enumerate((16, 32, 64), start=1):
            layer = nn.Sequential()
            for j in range((depth - 2) // 6):
                layer.add_module(
                    f"layer{stage}_block_{j}", BasicBlock(inputs, width, 2 if j == 0 and stage > 1 else 1))
                inputs = width
            self.add_module(f"layer{stage}", layer)
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))
