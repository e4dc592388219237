"""What people write today: one depth-sum overlay with PyTorch and OpenCV.

    torch_heatmap.py WEIGHTS.pth PHOTO OVERLAY.png
"""

import sys

import cv2
import numpy as np
import torch
from PIL import Image
from torchvision import transforms

from ednet import loaded

weights, photo, target = sys.argv[1:]
network = loaded("ed-resnet50", weights).eval()
image = Image.open(photo).convert("RGB")
prepare = transforms.Compose([
    transforms.Resize(224),
    transforms.ToTensor(),
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
])
with torch.no_grad():
    features = network.features(prepare(image)[None])
    logits = network.fc(features.mean((2, 3)))
depth_sum = features[0].sum(0).numpy()
heat = cv2.resize(depth_sum, image.size)
heat = (heat - heat.min()) / (heat.max() - heat.min())
colors = cv2.applyColorMap(np.uint8(np.round(255 * heat)), cv2.COLORMAP_JET)
overlay = cv2.addWeighted(colors, 0.5, np.array(image)[:, :, ::-1], 0.5, 0)
cv2.imwrite(target, overlay)
print(logits.softmax(1).topk(5))
