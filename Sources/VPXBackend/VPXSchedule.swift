internal import CVPX
internal import VideoTypes

/// Which frames become key frames, and where each is in the pattern of layers. libvpx places none of its own where a
/// pattern depends on it.
struct VPXSchedule {
    /// What libvpx is told of one frame.
    struct Entry: Equatable {
        let isKey: Bool
        let layer: Int
        let flags: Int

        /// The entry for the transparency of a picture: a key frame also where libvpx has made one of the picture by itself.
        func following(_ picture: VPXPacket) -> Entry {
            picture.isKey ? Entry(isKey: true, layer: 0, flags: Int(VPX_EFLAG_FORCE_KF)) : self
        }
    }

    private let layers: VPXLayers
    private let interval: Int
    /// Frames since the last key frame; `nil` before the first.
    private var sinceKey: Int?

    /// - Parameters:
    ///   - layers: The pattern that each key frame restarts.
    ///   - interval: The longest distance between key frames, 1 or more.
    init(layers: VPXLayers, interval: Int) { (self.layers, self.interval) = (layers, interval) }

    /// Whether the next frame becomes a key frame.
    func isKeyNext(wantsKey: Bool) -> Bool { wantsKey || number == 0 || number >= interval }

    /// Frames from the last key frame to the next frame; 0 before the first.
    private var number: Int { sinceKey.map { $0 + 1 } ?? 0 }

    /// The next frame's entry.
    mutating func next(wantsKey: Bool) -> Entry {
        let (number, isKey) = (number, isKeyNext(wantsKey: wantsKey))
        sinceKey = isKey ? 0 : number
        if isKey { return Entry(isKey: true, layer: 0, flags: Int(VPX_EFLAG_FORCE_KF)) }
        return Entry(isKey: false, layer: layers.layer(ofFrame: number), flags: layers.flags(ofFrame: number))
    }

    /// libvpx has made the last frame a key frame by itself.
    mutating func noteKey() { sinceKey = 0 }
}
