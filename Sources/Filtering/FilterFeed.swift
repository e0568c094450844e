internal import EncoderCore
internal import Encoders
internal import Ingest
internal import Jobs
internal import LibAV
package import VideoTypes

/// Makes pictures of an input ready for a graph: in a format that libavfilter has, without gaps.
package struct FilterFeed {
    /// What comes.
    package let source: PictureLayout
    /// What the graph gets.
    package let target: PictureLayout
    /// Planes of green, blue and red are named as YUV's, and have to be again.
    package let isIdentity: Bool
    private let conversion: PictureConversion

    /// - Parameters:
    ///   - source: What comes.
    ///   - color: Its color.
    ///   - chromaLocation: Where its chroma is.
    package init(
        _ source: PictureLayout,
        _ color: VideoColorSpace,
        _ chromaLocation: ChromaLocation
    ) throws(EncoderConfigError) {
        self.source = source
        isIdentity = color.matrix == .rgb && source.format.components == .planar(.yuv444)
        let format = source.format.filterable(isIdentity: isIdentity)
        guard let target = PictureLayout(format: format, size: source.size) else {
            throw .unsupported("a picture of \(source.size) overflows")
        }
        self.target = target
        guard
            target.planes != source.planes || source.isBottomUp || source.sampleShift > 0
                || source.format.swapsChroma
        else {
            conversion = .none
            return
        }
        conversion = try ConversionSteps(color: color, chromaLocation: chromaLocation)
            .conversion(from: source, scaledTo: nil, to: target)
    }

    /// Sends a picture to a graph.
    func send(_ picture: borrowing DecodedFrame, at time: Int64, to graph: inout FilterGraph) throws(FilterError) {
        let (isInterlaced, isTopFirst) = (picture.isInterlaced, picture.isTopFieldFirst)
        if case .none = conversion {
            return try graph.send(picture.frame, at: time, isInterlaced: isInterlaced, isTopFieldFirst: isTopFirst)
        }
        var buffer: PlaneBuffer
        do throws(OutOfMemory) {
            buffer = try PlaneBuffer(reserving: target.byteCount, for: "a picture to filter")
        } catch {
            throw .outOfMemory(bytes: target.byteCount)
        }
        let conversion = conversion
        picture.frame.withBytes { bytes in buffer.withMutableBytes { conversion.convert(bytes, into: &$0) } }
        let frame = VideoFrame(layout: target, buffer: buffer, timestamp: picture.frame.timestamp)
        try graph.send(frame, at: time, isInterlaced: isInterlaced, isTopFieldFirst: isTopFirst)
    }
}

extension PixelFormat {
    /// This format or, where libavfilter has no name for it, planes that lose nothing.
    fileprivate func filterable(isIdentity: Bool) -> PixelFormat {
        if isIdentity { return rgbOfIdentity ?? self }
        // libswscale does not read pairs of chroma of 4:2:2.
        guard ffmpegName == nil || components == .semiPlanar(.yuv422) && bitDepth == 8, let chroma else { return self }
        return .planar(chroma, bitDepth: bitDepth)
    }
}
