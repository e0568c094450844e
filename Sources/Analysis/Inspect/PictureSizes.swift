internal import VideoTypes

extension StreamReport {
    /// The size of the pictures that are shown, from a unit on.
    public struct Pictures: Encodable, Hashable, Sendable {
        /// The number of the first unit that has it.
        public let unit: Int
        /// In luma samples.
        public let width: Int
        /// In luma samples.
        public let height: Int
    }

    /// `320x180, 640x360 from unit 25 on`.
    var sizeWords: String {
        guard pictures.count > 1 else { return "\(width)x\(height)" }
        let words = pictures.enumerated().map { number, size in
            "\(size.width)x\(size.height)" + (number > 0 ? " from unit \(size.unit) on" : "")
        }
        return words.joined(separator: ", ") + (picturesOmitted > 0 ? ", and \(picturesOmitted) more changes" : "")
    }
}

/// The sizes that a stream's pictures have, one after the other, of which a bounded number is kept.
struct PictureSizes: Sendable {
    /// A stream may change its size with every key frame; only the first ones are useful to a reader.
    private static let limit = 32

    private(set) var pictures: [StreamReport.Pictures] = []
    /// Changes that are not in ``pictures``.
    private(set) var omitted = 0
    /// The profile of the part of the stream with the largest pictures, which a decoder has to support.
    private(set) var largest: StreamProfile?
    private var last: PictureSize?

    /// Takes the stream's profile at a unit.
    mutating func add(_ profile: StreamProfile?, unit: Int) {
        guard let profile, profile.shownSize != last else { return }
        let size = profile.shownSize
        last = size
        if largest.map({ $0.sizes < profile.sizes }) ?? true { largest = profile }
        guard pictures.count < Self.limit else { return omitted += 1 }
        pictures.append(StreamReport.Pictures(unit: unit, width: size.width, height: size.height))
    }
}

extension StreamProfile {
    /// Samples that are coded, and then those that are shown.
    fileprivate var sizes: (Int, Int) {
        (codedSize.width * codedSize.height, shownSize.width * shownSize.height)
    }
}
