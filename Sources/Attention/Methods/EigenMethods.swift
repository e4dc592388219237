import COpenBLAS

/// The projection on the first principal component of the channels, turned so that it rises with the sum over channels (Muhammad
/// and Yeasin, "Eigen-CAM", 2020, with each channel's mean taken off). It asks about no class.
struct EigenCAM: LocalMapMethod {
  let name = "eigen-cam"
  let asksAboutClass = false

  func map(of seen: SeenImage) -> [Float] {
    PrincipalMap(seen.activation.map(Double.init), cells: seen.cells, channels: seen.channels).values
  }
}

/// The same of g ⊙ A.
struct EigenGradCAM: LocalMapMethod {
  let name = "eigen-grad-cam"

  func map(of seen: SeenImage) -> [Float] {
    let products = zip(seen.activation, seen.gradient).map { Double($0) * Double($1) }
    return PrincipalMap(products, cells: seen.cells, channels: seen.channels).values
  }
}

/// The first principal component of a map's channels.
struct PrincipalMap {
  /// A value for each cell.
  let values: [Float]
  /// The second singular value over the first: near 1 the direction means little. 0 if all is constant.
  let ratio: Double

  /// Of values [cells, channels]. NaN everywhere if some value is not finite.
  init(_ values: [Double], cells: Int, channels: Int) {
    guard values.allSatisfy(\.isFinite) else {
      (self.values, ratio) = ([Float](repeating: .nan, count: cells), .nan)
      return
    }
    var centred = values
    for k in 0..<channels {
      var mean = 0.0
      for cell in 0..<cells { mean += values[cell * channels + k] }
      mean /= Double(cells)
      for cell in 0..<cells { centred[cell * channels + k] -= mean }
    }
    // The larger side is summed over: XXᵀ [cells, cells] or XᵀX [channels, channels].
    let isTall = cells > channels
    let side = isTall ? channels : cells
    var gram = [Double](repeating: 0, count: side * side)
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, isTall ? CblasTrans : CblasNoTrans, Int32(side),
      Int32(isTall ? cells : channels), 1, centred, Int32(channels), 0, &gram, Int32(side))
    let (first, second, direction) = Self.largest(gram, side)
    guard first > 0 else {
      (self.values, ratio) = ([Float](repeating: 0, count: cells), 0)
      return
    }
    var map = [Double](repeating: 0, count: cells)
    if isTall {
      for cell in 0..<cells {
        for k in 0..<channels { map[cell] += centred[cell * channels + k] * direction[k] }
      }
    } else {
      map = direction.map { $0 * first.squareRoot() }
    }
    var agreement = 0.0
    for cell in 0..<cells {
      agreement += map[cell] * centred[cell * channels..<(cell + 1) * channels].reduce(0, +)
    }
    self.values = map.map { Float(agreement < 0 ? -$0 : $0) }
    ratio = (max(0, second) / first).squareRoot()
  }

  /// The two largest eigenvalues of a symmetric matrix whose upper triangle is given, and the first one's direction.
  private static func largest(_ matrix: [Double], _ side: Int) -> (Double, Double, [Double]) {
    var (matrix, order) = (matrix, Int32(side))
    var (low, high) = (Int32(max(1, side - 1)), Int32(side))
    var (unused, tolerance) = (0.0, 0.0)
    var (found, status) = (Int32(0), Int32(0))
    var values = [Double](repeating: 0, count: side)
    var vectors = [Double](repeating: 0, count: side * 2)
    var support = [Int32](repeating: 0, count: 4)
    var work = [Double](repeating: 0, count: 26 * side + 64)
    var integers = [Int32](repeating: 0, count: 10 * side + 64)
    var (workCount, integerCount) = (Int32(work.count), Int32(integers.count))
    // Column by column the upper triangle is the lower one.
    edviz_dsyevr(
      &order, &matrix, &low, &high, &unused, &tolerance, &found, &values, &vectors, &support, &work,
      &workCount,
      &integers, &integerCount, &status)
    guard status == 0, found >= 1 else { return (0, 0, []) }
    let last = Int(found) - 1
    return (
      values[last], found > 1 ? values[last - 1] : 0, Array(vectors[last * side..<(last + 1) * side])
    )
  }
}
