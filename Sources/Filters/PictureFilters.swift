public import VideoTypes

/// What is done with pictures between decoding, or reading, and their conversion for the encoder, in the order of the members.
public struct PictureFilters: Hashable, Sendable {
    /// Two fields become one picture of one time, whether the input is marked as interlaced or not (bwdif). The default is `false`.
    public var deinterlaces = false
    /// Noise is reduced, in space and time (hqdn3d). The default is `false`.
    public var denoises = false
    /// What is kept of the picture. `nil`, the default, is all of it.
    public var crop: CropRequest?
    /// A graph of the user's. The default is `nil`.
    public var graph: FilterDescription?
    /// PQ or HLG becomes this. `nil`, the default, keeps it.
    public var toneMapping: ToneMapping?
    /// The size into which the picture is scaled, its shape kept, with black borders where it does not fill it. The default is
    /// `nil`.
    public var fit: PictureSize?
    /// The size, at least that of the picture, to which black borders extend it, and where the picture is in it. The default is
    /// `nil`.
    public var pad: PictureArea?

    /// Nothing.
    public init() {}

    /// Pictures stay as they are, and libavfilter is not called.
    public var isEmpty: Bool { self == PictureFilters() }

    /// What looks at more than one picture: a setting, or a filter of the graph; `nil` if nothing does.
    package var acrossPictures: String? {
        if deinterlaces { return "\(Setting.deinterlaces)" }
        if denoises { return "\(Setting.denoises)" }
        return graph?.filterAcrossPictures
    }

    /// The settings that are used, as messages name them.
    package var words: String {
        let used: [(Bool, Setting)] = [
            (deinterlaces, .deinterlaces), (denoises, .denoises), (crop != nil, .crop), (graph != nil, .filter),
            (toneMapping != nil, .toneMapping), (fit != nil, .fit), (pad != nil, .pad),
        ]
        let names = used.filter(\.0).map { "\($0.1)" }
        return names.isEmpty ? "\(Setting.colorTransfer)" : names.joined(separator: ", ")
    }

    /// The size of what comes out, where a setting states it.
    package var knownSize: PictureSize? {
        if let size = pad?.size ?? fit { return size }
        guard graph == nil, case .area(let area) = crop else { return nil }
        return area.size
    }

    /// Files that filters read.
    public var files: [String] { graph?.files ?? [] }
}
