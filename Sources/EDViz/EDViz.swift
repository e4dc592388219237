// The whole library under one import.
@_exported import Attention
@_exported import Checkpoints
@_exported import ClassNames
@_exported import Datasets
@_exported import EDNets
@_exported import Figures
@_exported import Files
@_exported import HTMLReports
@_exported import Images
@_exported import Networks
@_exported import ONNX
@_exported import Reports
@_exported import Tensors
@_exported import Training
