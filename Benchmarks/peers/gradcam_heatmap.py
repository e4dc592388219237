"""The same with pytorch-grad-cam: Grad-CAM of the best class at the last stage.

    gradcam_heatmap.py WEIGHTS.pth PHOTO OVERLAY.png
"""

import sys

import cv2
import numpy as np
from PIL import Image
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.image import show_cam_on_image
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
with GradCAM(model=network, target_layers=[network.layer4[-1]]) as method:
    heat = method(input_tensor=prepare(image)[None], targets=None)[0]
heat = cv2.resize(heat, image.size)
overlay = show_cam_on_image(np.float32(image) / 255, heat, use_rgb=True)
cv2.imwrite(target, overlay[:, :, ::-1])
