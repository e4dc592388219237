/// Masks in a folder and its subfolders, found by the name of their picture.
public struct MaskFolder {
  /// What was left out of the folder.
  public let remarks: [String]
  private var files: [String: [String]] = [:]
  /// Names that several photographs have, of which nobody can say whose mask one is.
  private let shared: Set<String>
  private let decoder: ImageDecoder

  /// Looks through the folder.
  /// - Parameter photographs: the pictures whose masks are wanted.
  /// - Throws: `FileError` if it is missing, `LocalisationError.noImages` if it holds no pictures.
  public init(_ folder: String, of photographs: [String], decoder: ImageDecoder) throws {
    guard Folders.kind(of: folder) != nil else { throw FileError.notFound(path: folder) }
    let list = try InputList([folder], extensions: PictureNames.all)
    remarks = list.remarks
    guard !list.paths.isEmpty else { throw LocalisationError.noImages(folder: folder) }
    // A photograph is not the mask of itself.
    let real = Set(photographs.compactMap(Paths.real))
    shared = Set(Dictionary(grouping: Set(photographs), by: Paths.stem).filter { $1.count > 1 }.keys)
    for path in list.paths where Paths.real(path).map({ !real.contains($0) }) ?? true {
      files[Paths.stem(of: path), default: []].append(path)
    }
    guard !files.isEmpty else { throw LocalisationError.onlyPhotographs(masks: folder) }
    self.decoder = decoder
  }

  /// The mask of a picture; what a reader should know of how it was read is given to `remark`.
  /// - Throws: `LocalisationError` if there is none or more than one of its name, if it is empty or has another size,
  ///   and what reading throws.
  public func mask(of path: String, image: Image, remark: (String) -> Void = { _ in }) throws -> Mask {
    guard let found = files[Paths.stem(of: path)] else { throw LocalisationError.noMask(image: path) }
    guard found.count == 1, !shared.contains(Paths.stem(of: path)) else {
      throw LocalisationError.ambiguous(image: path)
    }
    return try LocalisationInput(path: path, marking: .maskFile(found[0]))
      .object(in: image, decoder: decoder, remark: remark).mask
  }
}
