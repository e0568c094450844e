internal import EncoderCore
internal import VideoTypes

/// What a decoder tells of a picture that an output states once, for all of its pictures.
struct PictureTags: Equatable {
    let color: VideoColorSpace
    let chromaLocation: ChromaLocation
    let aspect: PixelAspectRatio
    let size: PictureSize

    /// The tags of a picture.
    init(_ picture: borrowing DecodedFrame) {
        color = picture.colorSpace
        chromaLocation = picture.frame.format.chroma == .yuv420 ? picture.chromaLocation : .left
        (aspect, size) = (picture.pixelAspectRatio, picture.frame.size)
    }

    /// One of them.
    struct Tag: Sendable {
        /// What messages call it.
        let name: String
        /// The flag of `encode` that states it for all pictures, whatever the input does.
        let flag: String
        /// It belongs to the size: pictures of other sizes that are scaled to one are not held to it. The default is no.
        var isOfSize = false
        let value: @Sendable (PictureTags) -> String
        /// The job states it itself.
        let isGiven: @Sendable (EncodeJob) -> Bool
    }

    static let range = Tag(name: "color range", flag: "--color-range") {
        $0.color.fullRange ? "full" : "limited"
    } isGiven: {
        $0.color.fullRange != nil
    }
    static let matrix = Tag(name: "color matrix", flag: "--color-matrix") {
        "\($0.color.matrix)"
    } isGiven: {
        $0.color.matrix != nil
    }
    static let transfer = Tag(name: "color transfer", flag: "--color-transfer") {
        "\($0.color.transfer)"
    } isGiven: {
        $0.color.transfer != nil
    }
    static let primaries = Tag(name: "color primaries", flag: "--color-primaries") {
        "\($0.color.primaries)"
    } isGiven: {
        $0.color.primaries != nil
    }
    static let chromaLocation = Tag(name: "chroma location", flag: "--chroma-location") {
        $0.chromaLocation.name
    } isGiven: {
        $0.color.chromaLocation != nil
    }
    static let aspect = Tag(name: "sample aspect ratio", flag: "--display-size", isOfSize: true) {
        "\($0.aspect.width):\($0.aspect.height)"
    } isGiven: {
        $0.picture.displaySize != nil
    }

    /// Those that an encoded stream or its container states.
    static let ofStreams = [range, matrix, transfer, primaries, chromaLocation, aspect]
    /// Those that a Y4M header states.
    static let ofY4M = [range, chromaLocation, aspect]

    /// What changed since earlier pictures, in words; `nil` if none of the tags did.
    func change(since earlier: PictureTags, in tags: [Tag]) -> (tag: Tag, words: String)? {
        guard self != earlier else { return nil }
        let changed = tags.first { $0.value(self) != $0.value(earlier) && !($0.isOfSize && size != earlier.size) }
        guard let tag = changed else { return nil }
        return (tag, "\(tag.name) \(tag.value(self)), and those before it \(tag.value(earlier))")
    }
}
