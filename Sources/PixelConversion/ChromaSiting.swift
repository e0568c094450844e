internal import VideoTypes

/// Where chroma samples are among those of luma, and which of them are near a row.
struct ChromaSiting: Hashable, Sendable {
    enum Columns: Hashable, Sendable {
        case all, left, center
    }

    enum Rows: Hashable, Sendable {
        /// A row of chroma for each of luma.
        case all
        /// One for two, on the upper, between both, or on the lower.
        case top, middle, bottom
    }

    /// The chroma rows that a luma row is between.
    struct Neighbors: Hashable, Sendable {
        var near: Int
        var far: Int
        /// What the near one weighs, in quarters; 4 means that the other is not read.
        var nearWeight: Int
    }

    let columns: Columns
    let rows: Rows

    /// - Throws: ``EncoderConfigError/unsupported(_:)`` if the location is unknown.
    init(of format: PixelFormat, at location: ChromaLocation) throws(EncoderConfigError) {
        let chroma = format.chroma ?? .yuv444
        guard chroma == .yuv444 || location.rawValue <= 5 else {
            throw .unsupported("chroma location \(location.rawValue) is not in 0...5")
        }
        columns = chroma == .yuv444 ? .all : location.rawValue.isMultiple(of: 2) ? .left : .center
        rows = chroma == .yuv420 ? [.middle, .top, .bottom][Int(location.rawValue) / 2] : .all
    }

    /// The neighbors of luma row `y`.
    ///
    /// - Parameter count: The number of chroma rows; outside them, the outermost repeat.
    func neighbors(ofRow y: Int, count: Int) -> Neighbors {
        let (half, isOdd) = (y / 2, !y.isMultiple(of: 2))
        let (before, after) = (max(half - 1, 0), min(half + 1, count - 1))
        return switch rows {
        case .all: Neighbors(near: y, far: y, nearWeight: 4)
        case .middle: Neighbors(near: half, far: isOdd ? after : before, nearWeight: 3)
        case .top: Neighbors(near: half, far: after, nearWeight: isOdd ? 2 : 4)
        case .bottom: Neighbors(near: half, far: before, nearWeight: isOdd ? 4 : 2)
        }
    }
}
