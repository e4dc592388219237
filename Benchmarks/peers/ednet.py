"""ED-Nets in PyTorch, with the parameter names of the published code, for comparison with edviz."""

import torch
from torch import nn


class Block(nn.Module):
    """ReLU(F(x) + x + ED(x)) with a bottleneck as F; subclasses have another F or a gate.

    `width` is that of the stage, which is the encoder's; `cardinality` are the groups of F's 3×3, `groups` those of ED.
    """

    expansion, cardinality, has_path = 4, 1, True

    def __init__(self, inputs, width, stride, groups=32):
        super().__init__()
        outputs = width * self.expansion
        self.shortcut = None
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential()
            self.shortcut.shortcut_conv = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.shortcut.shortcut_bn = nn.BatchNorm2d(outputs)
        self.add_transform(inputs, width, outputs, stride)
        if self.has_path:
            self.encoder, self.decoder = nn.Module(), nn.Module()
            self.encoder.encoder_conv = nn.Conv2d(outputs, width, 3, 2, 1, groups=groups, bias=False)
            self.encoder.encoder_bn = nn.BatchNorm2d(width)
            self.decoder.decoder_conv = nn.ConvTranspose2d(width, outputs, 3, 2, 1, groups=groups, bias=False)
            self.decoder.decoder_bn = nn.BatchNorm2d(outputs)

    def add_transform(self, inputs, width, outputs, stride):
        self.conv_conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn_bn1 = nn.BatchNorm2d(width)
        self.conv_conv2 = nn.Conv2d(width, width, 3, stride, 1, groups=self.cardinality, bias=False)
        self.bn_bn2 = nn.BatchNorm2d(width)
        self.conv_conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn_bn3 = nn.BatchNorm2d(outputs)

    def transform(self, x):
        f = torch.relu(self.bn_bn1(self.conv_conv1(x)))
        f = torch.relu(self.bn_bn2(self.conv_conv2(f)))
        return self.bn_bn3(self.conv_conv3(f))

    def forward(self, x):
        p = x
        if self.shortcut is not None:
            p = self.shortcut.shortcut_bn(self.shortcut.shortcut_conv(x))
        y = self.transform(x) + p
        if self.has_path:
            e = torch.relu(self.encoder.encoder_bn(self.encoder.encoder_conv(p)))
            y = y + self.decoder.decoder_bn(self.decoder.decoder_conv(e, output_size=p.shape[2:]))
        return torch.relu(y)


class ResNeXtBlock(Block):
    """Half as wide outside, twice as wide inside, in 32 groups."""

    expansion, cardinality = 2, 32


class SqueezeExcitation:
    """Before a block among the bases: each channel of F times σ(W₂ ReLU(W₁ mean))."""

    def add_transform(self, inputs, width, outputs, stride):
        super().add_transform(inputs, width, outputs, stride)
        self.fc_reduction = nn.Linear(outputs, outputs // 16)
        self.fc_extention = nn.Linear(outputs // 16, outputs)

    def transform(self, x):
        f = super().transform(x)
        gate = torch.sigmoid(self.fc_extention(torch.relu(self.fc_reduction(f.mean((2, 3))))))
        return f * gate[:, :, None, None]


class SEBlock(SqueezeExcitation, Block):
    pass


class SEResNeXtBlock(SqueezeExcitation, ResNeXtBlock):
    pass


class CBAMBlock(Block):
    """Channels of F times a gate, then positions times another ("CBAM: convolutional block attention module")."""

    has_path = False

    def add_transform(self, inputs, width, outputs, stride):
        super().add_transform(inputs, width, outputs, stride)
        hidden = outputs // 16
        self.cbam = nn.Module()
        self.cbam.ChannelGate, self.cbam.SpatialGate = nn.Module(), nn.Module()
        self.cbam.ChannelGate.mlp = nn.Sequential(
            nn.Flatten(), nn.Linear(outputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
        self.cbam.SpatialGate.spatial = spatial = nn.Module()
        spatial.conv = nn.Conv2d(2, 1, 7, padding=3, bias=False)
        spatial.bn = nn.BatchNorm2d(1, momentum=0.01)

    def transform(self, x):
        f = super().transform(x)
        mlp, spatial = self.cbam.ChannelGate.mlp, self.cbam.SpatialGate.spatial
        f = f * torch.sigmoid(mlp(f.mean((2, 3))) + mlp(f.amax((2, 3))))[:, :, None, None]
        pooled = torch.stack((f.amax(1), f.mean(1)), 1)
        return f * torch.sigmoid(spatial.bn(spatial.conv(pooled)))


class Res2NetBlock(Block):
    """26w×4s ("Res2Net: a new multi-scale backbone architecture"), as its authors published it."""

    def add_transform(self, inputs, width, outputs, stride):
        self.part = width * 26 // 64
        self.conv_conv1 = nn.Conv2d(inputs, 4 * self.part, 1, bias=False)
        self.bn_bn1 = nn.BatchNorm2d(4 * self.part)
        self.convs = nn.ModuleList(
            nn.Conv2d(self.part, self.part, 3, stride, 1, bias=False) for _ in range(3))
        self.bns = nn.ModuleList(nn.BatchNorm2d(self.part) for _ in range(3))
        self.conv_conv3 = nn.Conv2d(4 * self.part, outputs, 1, bias=False)
        self.bn_bn3 = nn.BatchNorm2d(outputs)
        self.pool = nn.AvgPool2d(3, stride, 1) if self.shortcut is not None else None

    def transform(self, x):
        parts = torch.relu(self.bn_bn1(self.conv_conv1(x))).split(self.part, 1)
        done = []
        for index in range(3):
            chained = self.pool is None and index > 0
            part = parts[index] + done[-1] if chained else parts[index]
            done.append(torch.relu(self.bns[index](self.convs[index](part))))
        done.append(parts[3] if self.pool is None else self.pool(parts[3]))
        return self.bn_bn3(self.conv_conv3(torch.cat(done, 1)))


class EDNet(nn.Module):
    """A network for ImageNet's pictures; ED-ResNet-50 where nothing is said."""

    def __init__(self, classes=1000, blocks=(3, 4, 6, 3), block=Block):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.pool = nn.MaxPool2d(3, 2, 1)
        inputs = 64
        for stage, depth in enumerate(blocks, start=1):
            layer, outputs = nn.Sequential(), 128 << stage
            for j in range(depth):
                stride = 2 if j == 0 and stage > 1 else 1
                layer.add_module(f"layer{stage}_block_{j}", block(inputs, outputs // block.expansion, stride))
                inputs = outputs
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


def network(name):
    """The network that edviz calls by this name, as far as it is here."""
    if name.startswith("cifar-ed-resnet"):
        return CIFAREDResNet(int(name.removeprefix("cifar-ed-resnet")))
    blocks = {"50": (3, 4, 6, 3), "101": (3, 4, 23, 3), "152": (3, 8, 36, 3)}
    kinds = {
        "ed-resnet": Block, "ed-resnext": ResNeXtBlock, "se-ed-resnet": SEBlock, "se-ed-resnext": SEResNeXtBlock,
    }
    kind, depth = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")):]
    return EDNet(blocks=blocks[depth], block=kinds[kind])


def with_random_weights(name):
    """Weights whose activations stay within range: convolutions as initialised, normalisation near identity."""
    torch.manual_seed(1)
    made = network(name).eval()
    with torch.no_grad():
        for key, value in made.state_dict().items():
            if key.endswith("running_var"):
                value.uniform_(0.5, 1.5)
            elif key.endswith(("running_mean", "bias")):
                value.uniform_(-0.1, 0.1)
            elif value.dim() == 1 and key.endswith("weight"):
                value.uniform_(0.3, 0.7)
    return made


def loaded(name, weights):
    """The network with the weights of a file, strictly; a .safetensors file has no counts of batches."""
    made = network(name)
    if str(weights).endswith(".safetensors"):
        from safetensors.torch import load_file

        missing, unexpected = made.load_state_dict(load_file(weights), strict=False)
        assert not unexpected and all(key.endswith("num_batches_tracked") for key in missing), (missing, unexpected)
    else:
        made.load_state_dict(torch.load(weights, map_location="cpu"))
    return made
