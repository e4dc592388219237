extension Model {
  /// The model under ImageNet's names if it has a thousand logits and nobody told their names, and then a sentence that says
  /// so.
  public func namingImageNetClasses() -> (model: Model, remark: String?) {
    guard classes.isEmpty, network.description.classes == ImageNetClasses.names.count else {
      return (self, nil)
    }
    return (
      Model(self, classes: ImageNetClasses.names),
      "does not name its 1000 classes, which are taken for ImageNet's (ILSVRC2012, in torchvision's order)"
    )
  }
}
