package import VideoTypes

/// How Matroska and WebM store the rotation of a picture: the pose of a rectangular projection (RFC 9559 5.1.4.1.28.41). It is
/// mirrored by half a turn around the vertical axis, then rolled counterclockwise; FFmpeg 7 and later read it as that.
package struct MatroskaProjection: Equatable {
    /// Degrees: 180 mirrors.
    package let yaw: Int
    /// Degrees counterclockwise, more than -180 and at most 180.
    package let roll: Int

    /// The pose of a picture that is turned; `nil` for one that is shown as it is coded.
    package init?(_ orientation: Orientation) {
        guard orientation != .upright else { return nil }
        yaw = orientation.flip ? 180 : 0
        // Turned clockwise and mirrored then, is mirrored and turned the other way then.
        let turn = orientation.flip ? orientation.rotation.rawValue : (360 - orientation.rotation.rawValue) % 360
        roll = turn > 180 ? turn - 360 : turn
    }

    /// What makes libavformat's projection rectangular. FFmpeg before 7 writes only those of spheres: the type 1, and 20
    /// bytes that bound the sphere. The type becomes 0, and the bounds become a `Void` of the same length.
    package static let patch = HeaderPatch(
        original: [0x76, 0x71, 0x81, 1, 0x76, 0x72, 0x94] + [UInt8](repeating: 0, count: 20),
        replacement: [0x76, 0x71, 0x81, 0, 0xEC, 0x95] + [UInt8](repeating: 0, count: 21)
    )
}

/// Bytes of a header that others are written for, as often as they are written.
package struct HeaderPatch {
    private let original: [UInt8]
    private let replacement: [UInt8]
    /// Where they are in the output; `nil` until they have been written.
    package private(set) var place: Int?

    /// - Parameters:
    ///   - original: What is looked for, in one piece, from the beginning of the output on.
    ///   - replacement: As many bytes.
    package init(original: [UInt8], replacement: [UInt8]) {
        precondition(original.count == replacement.count)
        (self.original, self.replacement) = (original, replacement)
    }

    /// The replacement for `bytes` at a position; `nil` to write them unchanged.
    package mutating func apply(to bytes: RawSpan, at position: Int) -> [UInt8]? {
        guard place != nil || bytes.byteCount >= original.count else { return nil }
        var patched = (0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        guard let place = place ?? patched.firstRange(of: original).map({ position + $0.lowerBound }) else {
            return nil
        }
        self.place = place
        let range = (place..<place + replacement.count).clamped(to: position..<position + patched.count)
        guard !range.isEmpty else { return nil }
        for index in range { patched[index - position] = replacement[index - place] }
        return patched
    }
}
