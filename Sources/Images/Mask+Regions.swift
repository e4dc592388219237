extension Mask {
  /// Makes the mask true inside a polygon, by the rule of the COCO API (`rleFrPoly` of its `maskApi.c`): the boundary is
  /// drawn five times as fine, and a pixel lies inside if its centre does.
  /// - Parameter polygon: x and y in turns, in pixels from the upper left corner; three points at least.
  /// - Returns: false, and nothing filled, for a polygon of fewer points, or of some that lie further outside of the picture
  ///   than it is large.
  public mutating func fill(polygon: [Double]) -> Bool {
    let count = polygon.count / 2
    let reach = Double(2 * (width + height))
    guard count >= 3, polygon.count % 2 == 0, polygon.allSatisfy({ abs($0) <= reach }) else { return false }
    let scale = 5.0
    let x = (0...count).map { Int(scale * polygon[$0 % count * 2] + 0.5) }
    let y = (0...count).map { Int(scale * polygon[$0 % count * 2 + 1] + 0.5) }
    // How often the inside begins or ends at a pixel, columns first.
    var turns = [UInt8](repeating: 0, count: width * height + 1)
    var last: (u: Int, v: Int)?
    func visit(_ u: Int, _ v: Int) {
      defer { last = (u, v) }
      guard let last, last.u != u else { return }
      let column = (Double(min(u, last.u)) + 0.5) / scale - 0.5
      guard column.rounded(.down) == column, column >= 0, column <= Double(width - 1) else { return }
      let row = (Double(min(v, last.v)) + 0.5) / scale - 0.5
      let place = Int(column) * height + Int(min(max(row, 0), Double(height)).rounded(.up))
      turns[place] ^= 1
    }
    for index in 0..<count {
      var (xs, xe, ys, ye) = (x[index], x[index + 1], y[index], y[index + 1])
      let (dx, dy) = (abs(xe - xs), abs(ye - ys))
      let isTurned = (dx >= dy && xs > xe) || (dx < dy && ys > ye)
      if isTurned { (xs, xe, ys, ye) = (xe, xs, ye, ys) }
      let steps = max(dx, dy)
      let slope = steps == 0 ? 0 : dx >= dy ? Double(ye - ys) / Double(dx) : Double(xe - xs) / Double(dy)
      for step in 0...steps {
        let t = isTurned ? steps - step : step
        if dx >= dy {
          visit(t + xs, Int(Double(ys) + slope * Double(t) + 0.5))
        } else {
          visit(Int(Double(xs) + slope * Double(t) + 0.5), t + ys)
        }
      }
    }
    var filled = values
    var isInside = false
    for place in 0..<width * height {
      if turns[place] == 1 { isInside.toggle() }
      if isInside { filled[place % height * width + place / height] = true }
    }
    values = filled
    return true
  }

  /// Makes the mask true in every second of these runs, which go down the columns and begin outside: the COCO API's RLE.
  /// - Returns: false, and nothing filled, if they do not make up the picture.
  public mutating func fill(columnRuns runs: [Int]) -> Bool {
    guard runs.allSatisfy({ (0...values.count).contains($0) }), runs.reduce(0, +) == values.count else {
      return false
    }
    var filled = values
    var place = 0
    for (index, run) in runs.enumerated() {
      if index % 2 == 1 {
        for at in place..<place + run { filled[at % height * width + at / height] = true }
      }
      place += run
    }
    values = filled
    return true
  }
}
