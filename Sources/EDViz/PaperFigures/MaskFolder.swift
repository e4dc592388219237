/// Masks in a folder and its subfolders, found by the name of their picture.
public struct MaskFolder {
  private var files: [String: [String]] = [:]
  private let decoder: ImageDecoder

  /// Looks through the folder.
  /// - Throws: `FileError` if it is missing, `LocalisationError.noImages` if it holds no pictures.
  public init(_ folder: String, decoder: ImageDecoder) throws {
    guard Folders.kind(of: folder) != nil else { throw FileError.notFound(path: folder) }
    for path in InputList.expand([folder], extensions: PictureNames.all) {
      files[Paths.stem(of: path), default: []].append(path)
    }
    guard !files.isEmpty else { throw LocalisationError.noImages(folder: folder) }
    self.decoder = decoder
  }

  /// The mask of a picture; what a reader should know of how it was read is given to `remark`.
  /// - Throws: `LocalisationError` if there is none or more than one of its name, if it is empty or has another size,
  ///   and what reading throws.
  public func mask(of path: String, image: Image, remark: (String) -> Void = { _ in }) throws -> Mask {
    guard let found = files[Paths.stem(of: path)] else { throw LocalisationError.noMask(image: path) }
    guard found.count == 1 else { throw LocalisationError.ambiguous(image: path) }
    return try LocalisationInput(path: path, marking: .maskFile(found[0]))
      .object(in: image, decoder: decoder, remark: remark).mask
  }
}
