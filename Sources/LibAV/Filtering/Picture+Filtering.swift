internal import CFFmpeg
internal import VideoTypes

extension Picture {
    /// A frame without a picture, with the properties of the pictures that a graph is fed.
    static func ofFilter(_ input: FilterInput) throws(FilterError) -> Picture {
        let picture = try Picture(orThrow: FilterError.outOfMemory(bytes: 0))
        let frame = unsafe picture.pointer
        unsafe frame.pointee.format = input.layout.format.filterFormat.rawValue
        unsafe frame.pointee.width = CInt(input.layout.size.width)
        unsafe frame.pointee.height = CInt(input.layout.size.height)
        unsafe frame.pointee.color_primaries = AVColorPrimaries(rawValue: .init(input.color.primaries.rawValue))
        unsafe frame.pointee.color_trc = AVColorTransferCharacteristic(rawValue: .init(input.color.transfer.rawValue))
        let isRGB = input.layout.format.isRGB
        let matrix = isRGB ? MatrixCoefficients.rgb : input.color.matrix
        unsafe frame.pointee.colorspace = AVColorSpace(rawValue: .init(matrix.rawValue))
        let range = input.color.fullRange || isRGB ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        unsafe frame.pointee.color_range = input.hasRange || input.color.fullRange ? range : AVCOL_RANGE_UNSPECIFIED
        // libavcodec counts from 1.
        let location = input.chromaLocation.map { UInt32($0.rawValue) + 1 } ?? 0
        unsafe frame.pointee.chroma_location = AVChromaLocation(rawValue: .init(location))
        let ratio = input.pixelAspectRatio
        unsafe frame.pointee.sample_aspect_ratio = AVRational(
            num: CInt(ratio?.width ?? 0),
            den: CInt(ratio?.height ?? 1)
        )
        return picture
    }

    private var planes: [(start: UnsafeMutablePointer<UInt8>?, stride: Int)] {
        let frame = unsafe pointer.pointee
        return unsafe [
            (frame.data.0, Int(frame.linesize.0)), (frame.data.1, Int(frame.linesize.1)),
            (frame.data.2, Int(frame.linesize.2)), (frame.data.3, Int(frame.linesize.3)),
        ]
    }

    /// Copies a picture into the frame, which has memory for it.
    func fill(from bytes: UnsafeRawBufferPointer, _ layout: PictureLayout) {
        guard layout.format != .rgbaf32 else { return unsafe fillPlanes(ofFloats: bytes, layout) }
        let isFloat = layout.format.isFloat
        for (index, plane) in layout.planes.enumerated() {
            let target = unsafe planes[index]
            guard let start = unsafe target.start, let source = bytes.baseAddress else { continue }
            // SAFETY: the frame's buffer has all rows of its format and size; the layout lies within the bytes.
            for row in 0..<plane.rows {
                let (from, to) = unsafe (
                    source + plane.offset + row * plane.stride, UnsafeMutableRawPointer(start + row * target.stride)
                )
                if isFloat {
                    unsafe Self.copyFloats(plane.rowBytes / 4, from: from, each: 4, to: to)
                } else {
                    unsafe to.copyMemory(from: from, byteCount: plane.rowBytes)
                }
            }
        }
    }

    /// Copies finite light: what is not a number is none, and what is infinite is the brightest of 16-bit floats. A matrix would
    /// make all three colors of such a pixel no number.
    ///
    /// SAFETY: there are `count` floats at `from`, so many bytes from one to the next, and room for them at `to`.
    private static func copyFloats(
        _ count: Int,
        from: UnsafeRawPointer,
        each step: Int,
        to: UnsafeMutableRawPointer
    ) {
        for index in 0..<count {
            let value = Float(bitPattern: unsafe from.loadUnaligned(fromByteOffset: step * index, as: UInt32.self))
            let finite = value.isNaN ? 0 : min(max(value, -65504), 65504)
            unsafe to.storeBytes(of: finite.bitPattern, toByteOffset: 4 * index, as: UInt32.self)
        }
    }

    /// libswscale does not read floats side by side: they become planes of green, blue, red and alpha.
    private func fillPlanes(ofFloats bytes: UnsafeRawBufferPointer, _ layout: PictureLayout) {
        let plane = layout.planes[0]
        for (index, channel) in [1, 2, 0, 3].enumerated() {
            let target = unsafe planes[index]
            guard let start = unsafe target.start, let source = bytes.baseAddress else { continue }
            for row in 0..<plane.rows {
                // SAFETY: a row has four floats a pixel, and a row of each target plane one.
                let from = unsafe source + plane.offset + row * plane.stride + 4 * channel
                let to = unsafe UnsafeMutableRawPointer(start + row * target.stride)
                unsafe Self.copyFloats(layout.size.width, from: from, each: 16, to: to)
            }
        }
    }

    /// Copies the frame's picture, its rows without gaps.
    func copy(to bytes: UnsafeMutableRawBufferPointer, _ layout: PictureLayout) throws(FilterError) {
        for (index, plane) in layout.planes.enumerated() {
            let source = unsafe planes[index]
            guard let start = unsafe source.start, let target = bytes.baseAddress,
                unsafe source.stride.magnitude >= plane.rowBytes
            else {
                throw .failed(reason: "a picture came out without all of its planes")
            }
            // SAFETY: a frame has all rows of its format and size, each a stride after the one before, which may be negative.
            for row in 0..<plane.rows {
                unsafe (target + plane.offset + row * plane.stride)
                    .copyMemory(from: UnsafeRawPointer(start + row * source.stride), byteCount: plane.rowBytes)
            }
        }
    }
}

extension PixelFormat {
    /// The format that a graph is fed.
    fileprivate var filterFormat: AVPixelFormat {
        self == .rgbaf32 ? unsafe av_get_pix_fmt("gbrapf32le") : avPixelFormat
    }
}
