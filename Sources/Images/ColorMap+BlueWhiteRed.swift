extension ColorMap {
  /// Blue below zero, white at zero, red above: for maps with a sign, scaled to `FloatMap.symmetricRange`.
  /// The two middle levels are both white, so that zero, which lies between them, is white whichever way it
  /// rounds.
  public static let blueWhiteRed = ColorMap(name: "blue-white-red") { level in
    let fading = { (distance: Int) in 255 - (distance * 255 + 63) / 127 }
    return level >= 128
      ? (red: 255, green: fading(level - 128), blue: fading(level - 128))
      : (red: fading(127 - level), green: fading(127 - level), blue: 255)
  }
}
