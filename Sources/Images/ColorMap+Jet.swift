extension ColorMap {
  /// OpenCV's `COLORMAP_JET`, in which the field's heatmaps are published. Its lightness is uneven, so that
  /// edges seem to be where it turns from one hue to the next; `turbo` looks alike without that.
  public static let jet = ColorMap(name: "jet") { level in
    (
      red: min(4 * level - 382, 1148 - 4 * level),
      green: min(4 * level - 128, 892 - 4 * level),
      // OpenCV's own table has 1 where its rule gives 2.
      blue: level == 159 ? 1 : min(4 * level + 128, 638 - 4 * level)
    )
  }
}
