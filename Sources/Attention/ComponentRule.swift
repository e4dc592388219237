import Images

/// Which connected parts of a mask are kept.
public enum ComponentRule: String, CaseIterable, Sendable, Codable {
  /// All of them.
  case all
  /// The one of most pixels, as SCDA does; of equals, the one that is met first from the top left.
  case largest
}

/// Which neighbours of a pixel belong together.
public enum Connectivity: Int, CaseIterable, Sendable, Codable {
  /// Those that share a side.
  case four = 4
  /// Those that share a side or a corner, as SCDA takes them.
  case eight = 8
}

extension Mask {
  /// The mask without the parts that the rule drops.
  public func keeping(_ rule: ComponentRule, connectivity: Connectivity = .eight) -> Mask {
    switch rule {
    case .all: self
    case .largest: largestComponent(connectivity)
    }
  }

  /// Sizes of the connected parts, from the top left.
  public func componentSizes(connectivity: Connectivity = .eight) -> [Int] {
    components(connectivity).sizes
  }

  private func largestComponent(_ connectivity: Connectivity) -> Mask {
    let (labels, sizes) = components(connectivity)
    guard sizes.count > 1, let most = sizes.max(), let label = sizes.firstIndex(of: most) else { return self }
    return Mask(width: width, height: height, values: labels.map { $0 == Int32(label) })
  }

  /// A label from 0 for each set pixel, -1 for the others, by flooding with a stack of its own: masks of many
  /// million pixels must not end the process's.
  private func components(_ connectivity: Connectivity) -> (labels: [Int32], sizes: [Int]) {
    let steps =
      connectivity == .four
      ? [(1, 0), (-1, 0), (0, 1), (0, -1)]
      : [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)]
    var labels = [Int32](repeating: -1, count: values.count)
    var sizes: [Int] = []
    var stack: [Int] = []
    for start in values.indices where values[start] && labels[start] < 0 {
      let label = Int32(sizes.count)
      var size = 0
      labels[start] = label
      stack.append(start)
      while let at = stack.popLast() {
        size += 1
        let (x, y) = (at % width, at / width)
        for (dx, dy) in steps {
          let (nx, ny) = (x + dx, y + dy)
          guard nx >= 0, nx < width, ny >= 0, ny < height else { continue }
          let next = ny * width + nx
          guard values[next], labels[next] < 0 else { continue }
          labels[next] = label
          stack.append(next)
        }
      }
      sizes.append(size)
    }
    return (labels, sizes)
  }
}

extension Mask {
  /// Share of set pixels, from 0 to 1.
  public var areaShare: Double { Double(values.count { $0 }) / Double(values.count) }

  /// The smallest box around all set pixels; none if no pixel is set.
  public var boundingBox: Box? {
    var box: Box?
    for y in 0..<height {
      let row = values[y * width..<(y + 1) * width]
      guard let first = row.firstIndex(of: true), let last = row.lastIndex(of: true) else { continue }
      let (x0, x1) = (first - y * width, last - y * width + 1)
      box = Box(x0: min(box?.x0 ?? x0, x0), y0: box?.y0 ?? y, x1: max(box?.x1 ?? x1, x1), y1: y + 1)
    }
    return box
  }
}
