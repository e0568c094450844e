internal import Encoders
internal import Media
internal import VideoTypes

extension EncodeJob {
    /// Whether the job states a tag itself, for all pictures and whatever the input does.
    func states(_ tag: PictureTags.Tag) -> Bool {
        switch tag {
        case .range: color.fullRange != nil
        case .matrix: color.matrix != nil
        case .transfer: color.transfer != nil
        case .primaries: color.primaries != nil
        case .chromaLocation: color.chromaLocation != nil
        case .aspect: picture.displaySize != nil
        case .orientation: picture.rotation != nil || config.orientation != .upright
        }
    }
}

extension PictureTags.Tag {
    /// The setting that states it for all pictures, as messages name it.
    var setting: Setting {
        switch self {
        case .range: .colorRange
        case .matrix: .colorMatrix
        case .transfer: .colorTransfer
        case .primaries: .colorPrimaries
        case .chromaLocation: .chromaLocation
        case .aspect: .displaySize
        case .orientation: .rotation
        }
    }
}
