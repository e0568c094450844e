package import EncoderCore
package import VideoTypes

/// Values of a decoded picture that an output stores once for all pictures.
package struct PictureTags: Equatable {
    package let color: VideoColorSpace
    /// Where chroma is; `nil` for pictures of other chroma than 4:2:0.
    package let chromaLocation: ChromaLocation?
    package let orientation: Orientation
    package let aspect: PixelAspectRatio
    package let size: PictureSize

    /// The tags of a picture.
    package init(_ picture: borrowing DecodedFrame) {
        color = picture.colorSpace
        chromaLocation = picture.frame.format.chroma == .yuv420 ? picture.chromaLocation : nil
        (aspect, size, orientation) = (picture.pixelAspectRatio, picture.frame.size, picture.orientation)
    }

    /// One of them.
    package enum Tag: Sendable, CaseIterable {
        case range, matrix, transfer, primaries, chromaLocation, aspect, orientation

        /// What messages call it.
        package var name: String {
            switch self {
            case .range: "color range"
            case .matrix: "color matrix"
            case .transfer: "color transfer"
            case .primaries: "color primaries"
            case .chromaLocation: "chroma location"
            case .aspect: "sample aspect ratio"
            case .orientation: "rotation"
            }
        }

        /// It belongs to the size: pictures of other sizes that are scaled to one are not held to it.
        fileprivate var isOfSize: Bool { self == .aspect }

        /// `nil` for what a picture does not have.
        fileprivate func value(in tags: PictureTags) -> String? {
            switch self {
            case .range: tags.color.fullRange ? "full" : "limited"
            case .matrix: "\(tags.color.matrix)"
            case .transfer: "\(tags.color.transfer)"
            case .primaries: "\(tags.color.primaries)"
            case .chromaLocation: tags.chromaLocation?.name
            case .aspect: "\(tags.aspect.width):\(tags.aspect.height)"
            case .orientation:
                "\(tags.orientation.rotation.rawValue)°\(tags.orientation.flip ? " and mirrored" : "")"
            }
        }
    }

    /// Those that an encoded stream or its container states.
    package static let ofStreams = Tag.allCases
    /// Those that a Y4M header states.
    static let ofY4M: [Tag] = [.range, .chromaLocation, .aspect]

    /// A message about tags that changed since earlier pictures; `nil` if none did.
    package func change(since earlier: PictureTags, in tags: [Tag]) -> (tag: Tag, words: String)? {
        guard self != earlier else { return nil }
        for tag in tags where !(tag.isOfSize && size != earlier.size) {
            guard let own = tag.value(in: self), let before = tag.value(in: earlier), own != before else { continue }
            return (tag, "\(tag.name) \(own), but earlier frames have \(before)")
        }
        return nil
    }
}
