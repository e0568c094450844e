public import VideoTypes

/// A part of a picture that is kept.
public enum CropRequest: Hashable, Sendable, LosslessStringConvertible {
    /// This part: its size, and how far its corner is from the top left one.
    case area(PictureArea)
    /// What is left without black borders, as the first frames of a file show it.
    case auto

    /// Reads `WxH+X+Y` or `auto`.
    public init?(_ description: String) {
        if description == "auto" {
            self = .auto
        } else if let area = PictureArea(description), area.corner != nil {
            self = .area(area)
        } else {
            return nil
        }
    }

    /// `WxH+X+Y` or `auto`.
    public var description: String {
        switch self {
        case .area(let area): area.description
        case .auto: "auto"
        }
    }
}

/// A rectangle, and where it is.
public struct PictureArea: Hashable, Sendable, LosslessStringConvertible {
    /// How far a corner is from the top left one of a picture.
    public struct Corner: Hashable, Sendable {
        /// Columns, 0 or more.
        public let x: Int
        /// Rows, 0 or more.
        public let y: Int

        package init(x: Int, y: Int) { (self.x, self.y) = (x, y) }
    }

    /// The size.
    public let size: PictureSize
    /// Where it begins; `nil` means in the middle.
    public let corner: Corner?

    package init(_ size: PictureSize, _ corner: Corner?) { (self.size, self.corner) = (size, corner) }

    /// Reads `WxH` or `WxH+X+Y`.
    public init?(_ description: String) {
        let parts = description.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count == 1 || parts.count == 3, let size = PictureSize(String(parts[0])), size.isValid else {
            return nil
        }
        self.size = size
        guard parts.count == 3 else {
            corner = nil
            return
        }
        let numbers = parts.dropFirst().compactMap { $0.allSatisfy { ("0"..."9").contains($0) } ? Int($0) : nil }
        guard numbers.count == 2, numbers.allSatisfy({ (0...PictureSize.limit).contains($0) }) else { return nil }
        corner = Corner(x: numbers[0], y: numbers[1])
    }

    /// `WxH` or `WxH+X+Y`.
    public var description: String { "\(size)" + (corner.map { "+\($0.x)+\($0.y)" } ?? "") }
}

/// The brightness that pictures of high dynamic range are made to fit.
public enum ToneMapping: String, CaseIterable, Hashable, Sendable {
    /// BT.709, of standard dynamic range.
    case sdr
}
