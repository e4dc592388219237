/// Photographs, their masks if there are any, and for each of several models the activation map and the attention region
/// (paper, Fig. 4).
public struct RegionFigure: PictureFigure {
  /// A model that is looked into.
  public struct NamedSession {
    /// What columns call it.
    public let name: String
    /// The model at work.
    public let session: AttentionSession

    /// A model under a name.
    public init(name: String, session: AttentionSession) {
      self.name = name
      self.session = session
    }
  }

  private let models: [NamedSession]
  private let tap: Tap
  /// Each model's name of the block.
  private let blocks: [String]
  private let rule: MaskProtocol
  private let masks: MaskFolder?
  private let style: PictureFigureStyle

  /// What is left of the photograph outside of the attention region.
  private static let outside = 0.15

  /// A figure of one branch of a block that all models have.
  /// - Throws: `UnknownBlock`, `AttentionError.absentBranch`.
  public init(
    models: [NamedSession], tap: Tap, rule: MaskProtocol, masks: MaskFolder?, style: PictureFigureStyle
  ) throws {
    precondition(!models.isEmpty, "there is a model to look into")
    (self.models, self.tap, self.rule, self.masks, self.style) = (models, tap, rule, masks, style)
    for model in models { _ = try model.session.model.network.nodes(of: tap) }
    blocks = try models.map { try $0.session.model.network.block(named: tap.block).name }
  }

  private var first: Int { masks == nil ? 1 : 2 }

  /// The three parts of the paper's figure.
  public var groups: [PictureGrid.Group] {
    [
      PictureGrid.Group(masks == nil ? "(a) image" : "(a) image and mask", columns: 0..<first),
      PictureGrid.Group("(b) activation map", columns: first..<first + models.count),
      PictureGrid.Group("(c) attention region", columns: first + models.count..<first + 2 * models.count),
    ]
  }

  /// Branch, threshold and scale.
  public var footnote: String {
    let comparison = rule.comparison == .above ? "strictly above" : "at or above"
    let place = rule.resolution == .image ? "map at the picture's size" : "network's own map"
    let parts = rule.component == .all ? "all parts" : "the largest part"
    let inputs = Set(models.map(\.session.inputSentence))
    let input = inputs.count == 1 ? models[0].session.inputSentence : "a size of each model's own"
    let block = Set(blocks).count == 1 ? blocks[0] : tap.block
    let level = rule.threshold == .mean ? "the mean" : rule.threshold.name
    return
      "Depth sums of block \(block), branch \(tap.branch.title), input of \(input); \(style.scaleSentence). Attention is "
      + "\(comparison) \(level) of the \(place), \(parts)"
      + (masks == nil ? "." : "; IoU with the mask is below each region.")
  }

  /// One row.
  public func rows(
    of photograph: Image, label: String, record: inout Manifest.Input, lack: inout (any Error)?
  ) throws -> [PictureGrid.Row] {
    let object = mask(of: photograph, &record, &lack)
    var overlays: [PictureFigureStyle.Overlay] = []
    var regions: [PictureGrid.Cell] = []
    for model in models {
      let look = try model.session.look(at: photograph, taps: [tap])
      let part = photograph.cropped(to: look.region)
      let seen = style.fitted(part)
      let map = look.maps[0].map
      overlays.append(PictureFigureStyle.Overlay(caption: model.name, map: map, photograph: seen))
      let mask = rule.mask(of: map, width: part.width, height: part.height).mask
      let note = object.map { object in
        let overlap = mask.intersectionOverUnion(with: object.cropped(to: look.region))
        return "IoU \(Self.hundredths(overlap))"
      }
      let region = seen.darkened(
        outside: mask.resized(width: seen.width, height: seen.height), to: Self.outside)
      regions.append(PictureGrid.Cell(region, caption: model.name, note: note ?? ""))
    }
    let drawn = style.overlays(overlays, from: first)
    for (index, model) in models.enumerated() {
      record.note(
        overlays[index].map, block: blocks[index], branch: tap.branch, range: drawn.ranges[index],
        name: model.name)
    }
    var pictures = [PictureGrid.Cell(style.fitted(photograph), caption: "photograph")]
    if masks != nil {
      pictures.append(
        PictureGrid.Cell(
          object.map { style.fitted(Image($0)) }, caption: "mask", note: object == nil ? "no usable mask" : ""
        ))
    }
    return [PictureGrid.Row(label: label, cells: pictures + drawn.cells + regions, bars: drawn.bars)]
  }

  /// A photograph without a usable mask is shown without one.
  private func mask(
    of photograph: Image, _ record: inout Manifest.Input, _ lack: inout (any Error)?
  ) -> Mask? {
    do {
      return try masks?.mask(of: record.path, image: photograph) { record.warnings.append($0) }
    } catch {
      lack = UnusableMask(reason: error)
      return nil
    }
  }

  private static func hundredths(_ share: Double) -> String {
    let digits = String(Int((share * 100).rounded()))
    return share >= 0.995 ? "1.00" : "0." + (digits.count < 2 ? "0" : "") + digits
  }
}

/// A photograph is shown without its mask.
public struct UnusableMask: Error, CustomStringConvertible {
  /// What is wrong with the mask.
  public let reason: any Error

  /// The reason's sentence.
  public var description: String { "\(reason)" }
}

extension Mask {
  /// The part of a mask inside a box.
  fileprivate func cropped(to box: Box) -> Mask {
    guard box.width < width || box.height < height else { return self }
    return Mask(brightPixelsOf: Image(self).cropped(to: box))
  }
}
