/// The methods there are.
public enum MapMethods {
  /// All, the depth sum first.
  public static let all: [any MapMethod] = [
    DepthSum(), ChannelMean(), ChannelMaximum(), ChannelRMS(), CAM(), GradCAM(), GradCAMPlusPlus(),
    HiResCAM(),
    XGradCAM(), LayerCAM(), EigenCAM(), EigenGradCAM(),
    ScoreCAM(.alignedCorners), ScoreCAM(.halfPixel), AblationCAM(),
  ]

  /// The method called `name`, in any case of letters.
  /// - Throws: `AttentionError.unknownMethod`.
  public static func named(_ name: String) throws(AttentionError) -> any MapMethod {
    guard let found = all.first(where: { $0.name == name.lowercased() }) else {
      throw .unknownMethod(name: name, known: all.map(\.name))
    }
    return found
  }
}
