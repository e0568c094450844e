package import EncoderCore
internal import Filters
internal import Ingest
internal import Jobs
internal import LibAV
package import Media
internal import VideoTypes

extension FilteredPictures {
    /// What is known of the pictures that come out of a graph.
    ///
    /// - Parameters:
    ///   - first: The first of them.
    ///   - before: What was known of those that went in; `nil` for raw frames.
    package func header(_ first: borrowing DecodedFrame, _ before: InputHeader?) -> InputHeader {
        var header = InputHeader(name: "the filtered input", size: first.frame.size, format: first.frame.format)
        (header.framerate, header.hasTimes) = (framerate, true)
        (header.averageFramerate, header.highestFramerate) = (framerate, framerate)
        if framerate == nil {
            header.averageFramerate = before?.averageFramerate
            header.highestFramerate = before?.highestFramerate
        }
        header.pixelAspectRatio =
            first.pixelAspectRatio == .square ? before?.pixelAspectRatio.map { _ in .square } : first.pixelAspectRatio
        header.chromaLocation = first.frame.format.chroma == .yuv420 ? chromaLocation : nil
        header.colorSpace = first.colorSpace
        // The range of RGB and of gray is that of what they become.
        header.isLuma = first.frame.format.isGray && (before?.isLuma == true || !first.colorSpace.fullRange)
        header.isConverted = first.frame.format.chroma == nil && !header.isLuma
        if first.frame.format.chroma != nil || header.isLuma { header.fullRange = first.colorSpace.fullRange }
        header.orientation = before?.orientation ?? .upright
        (header.isInterlaced, header.isStraight) = (first.isInterlaced, before?.isStraight == true)
        if [.pq, .hlg].contains(first.colorSpace.transfer) { header.hdr = before?.hdr }
        return header
    }
}

extension JobError {
    /// A graph's failure.
    ///
    /// - Parameters:
    ///   - error: The failure.
    ///   - text: The graph.
    ///   - filters: What it does.
    ///   - picture: How many pictures it had got.
    init(_ error: FilterError, _ text: String, _ filters: PictureFilters, picture: Int) {
        // What the user wrote, or what Sluice made of other settings.
        let name = filters.graph?.text == text ? "\(Setting.filter) \"\(text)\"" : "\(filters.words) (\(text))"
        switch error {
        case .missing(let library):
            self = .config(.unsupported("\(filters.words) needs libavfilter, but \(library) cannot be loaded"))
        case .invalid(let reason):
            self = .usage("\(name) is not a graph that libavfilter takes: \(reason)")
        case .failed(let reason):
            self = .config(.unsupported("\(name) failed after \(picture) frames: \(reason)"))
        case .outOfMemory(let bytes):
            self = .input(.noMemory(OutOfMemory(byteCount: bytes > 0 ? bytes : nil, for: "filtering")))
        }
    }
}

extension FilteredPicture {
    /// The matrix of pictures that libswscale made of RGB: it does not tag them.
    ///
    /// - Parameter scalersMatrix: The matrix that it was told, by libavfilter's name.
    static func matrixOfRGB(_ scalersMatrix: String?) -> MatrixCoefficients {
        switch scalersMatrix {
        case "bt709": .bt709
        case "bt2020": .bt2020NCL
        case "fcc": .fcc
        case "smpte240m": .smpte240m
        default: .smpte170m
        }
    }
}
