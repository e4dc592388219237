import COpenBLAS

extension Tensor {
  /// x · weightsᵀ + bias, as torch.nn.Linear: self is [N, in], `weights` [out, in], `bias` [out] or none.
  public func linear(weights: Tensor, bias: Tensor?) -> Tensor {
    precondition(shape.count == 2 && shape[1] == weights.shape[1], "\(shape) times \(weights.shape)")
    precondition(bias.map { $0.count == weights.shape[0] } ?? true)
    let (rows, inputs, outputs) = (shape[0], shape[1], weights.shape[0])
    let output = Tensor(shape: [rows, outputs]) { buffer in
      for row in 0..<rows {
        for column in 0..<outputs { buffer[row * outputs + column] = bias?.storage.pointer[column] ?? 0 }
      }
    }
    guard rows > 1 else {
      // A matrix times a vector reads the weights once; the product of matrices would copy them first.
      cblas_sgemv(
        CblasRowMajor, CblasNoTrans, Int32(outputs), Int32(inputs), 1, weights.storage.pointer, Int32(inputs),
        storage.pointer, 1, 1, output.storage.pointer, 1)
      return output
    }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(outputs), Int32(inputs), 1, storage.pointer,
      Int32(inputs), weights.storage.pointer, Int32(inputs), 1, output.storage.pointer, Int32(outputs))
    return output
  }
}
