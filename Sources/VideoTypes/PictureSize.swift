/// Width and height of a picture, in luma samples.
public struct PictureSize: Hashable, Sendable {
    /// Samples in a row, 1 or more.
    public var width: Int
    /// Rows, 1 or more.
    public var height: Int

    /// The largest width and height that Sluice takes; libx264 takes no more (`MAX_RESOLUTION`).
    public static let limit = 16384

    /// A size; it is checked when an ``EncoderConfig`` is validated.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Both sides are in `1...limit`.
    public var isValid: Bool {
        (1...Self.limit).contains(width) && (1...Self.limit).contains(height)
    }
}

extension PictureSize: LosslessStringConvertible {
    /// `WIDTHxHEIGHT`.
    public var description: String { "\(width)x\(height)" }

    /// Reads `WIDTHxHEIGHT`, decimal digits only, both sides in `1...16384`.
    public init?(_ description: String) {
        let sides = description.split(separator: "x", omittingEmptySubsequences: false)
        guard sides.count == 2, let width = decimal(sides[0]), let height = decimal(sides[1]) else { return nil }
        self.init(width: width, height: height)
        guard isValid else { return nil }
    }
}

/// A number written in decimal digits alone: no sign, no space.
func decimal(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
        return nil
    }
    return Int(text)
}
