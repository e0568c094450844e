package import EncoderCore
package import VideoTypes

/// Values of a decoded picture that an output stores once for all pictures.
package struct PictureTags: Equatable {
    package let color: VideoColorSpace
    package let chromaLocation: ChromaLocation
    package let aspect: PixelAspectRatio
    package let size: PictureSize

    /// The tags of a picture.
    package init(_ picture: borrowing DecodedFrame) {
        color = picture.colorSpace
        chromaLocation = picture.frame.format.chroma == .yuv420 ? picture.chromaLocation : .left
        (aspect, size) = (picture.pixelAspectRatio, picture.frame.size)
    }

    /// One of them.
    package enum Tag: Sendable, CaseIterable {
        case range, matrix, transfer, primaries, chromaLocation, aspect

        /// What messages call it.
        package var name: String {
            switch self {
            case .range: "color range"
            case .matrix: "color matrix"
            case .transfer: "color transfer"
            case .primaries: "color primaries"
            case .chromaLocation: "chroma location"
            case .aspect: "sample aspect ratio"
            }
        }

        /// It belongs to the size: pictures of other sizes that are scaled to one are not held to it.
        fileprivate var isOfSize: Bool { self == .aspect }

        fileprivate func value(in tags: PictureTags) -> String {
            switch self {
            case .range: tags.color.fullRange ? "full" : "limited"
            case .matrix: "\(tags.color.matrix)"
            case .transfer: "\(tags.color.transfer)"
            case .primaries: "\(tags.color.primaries)"
            case .chromaLocation: tags.chromaLocation.name
            case .aspect: "\(tags.aspect.width):\(tags.aspect.height)"
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
        let changed = tags.first {
            $0.value(in: self) != $0.value(in: earlier) && !($0.isOfSize && size != earlier.size)
        }
        guard let tag = changed else { return nil }
        return (tag, "\(tag.name) \(tag.value(in: self)), but earlier frames have \(tag.value(in: earlier))")
    }
}
