internal import CFFmpeg
internal import VideoTypes

extension Picture {
    /// A frame for an encoder.
    static func forEncoding() throws(EncoderError) -> Picture {
        try Picture(orThrow: EncoderError.codec(operation: "av_frame_alloc", status: -1))
    }

    /// A copy of a frame's picture, in the format that the encoder is fed.
    ///
    /// libavcodec may keep a picture for as long as it likes, where our frames go back to their pool when the call returns.
    static func copy(
        of frame: borrowing VideoFrame,
        as format: PixelFormat,
        pts: Int64,
        isKey: Bool
    ) throws(EncoderError) -> Picture {
        let layout = frame.layout
        let picture = try forEncoding()
        try picture.allocate(layout.size, format)
        unsafe picture.pointer.pointee.pts = pts
        unsafe picture.pointer.pointee.pict_type = isKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
        let pairs = format.isSemiPlanar && !layout.format.isSemiPlanar
        frame.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { bytes in unsafe picture.copyPlanes(of: layout, from: bytes, pairs: pairs) }
        }
        return picture
    }

    private func allocate(_ size: PictureSize, _ format: PixelFormat) throws(EncoderError) {
        unsafe pointer.pointee.format = format.avPixelFormat.rawValue
        unsafe pointer.pointee.width = CInt(size.width)
        unsafe pointer.pointee.height = CInt(size.height)
        let status = unsafe av_frame_get_buffer(pointer, 0)
        guard status >= 0 else { throw .codec(operation: "av_frame_get_buffer", status: Int(status)) }
    }

    private func copyPlanes(of layout: PictureLayout, from bytes: UnsafeRawBufferPointer, pairs: Bool) {
        if pairs {
            unsafe copyRows(of: layout.planes[0], from: bytes, to: 0)
            unsafe pairChroma(of: layout, from: bytes)
        } else {
            for (index, plane) in layout.planes.enumerated() {
                unsafe copyRows(of: plane, from: bytes, to: index)
            }
        }
    }

    private func target(_ index: Int) -> (start: UnsafeMutablePointer<UInt8>, stride: Int)? {
        let frame = unsafe pointer.pointee
        let starts = unsafe [frame.data.0, frame.data.1, frame.data.2]
        let strides = unsafe [frame.linesize.0, frame.linesize.1, frame.linesize.2]
        return unsafe starts[index].map { unsafe ($0, Int(strides[index])) }
    }

    private func copyRows(of plane: PictureLayout.Plane, from bytes: UnsafeRawBufferPointer, to index: Int) {
        guard let (start, stride) = unsafe target(index), let source = bytes.baseAddress else { return }
        for row in 0..<plane.rows {
            let from = unsafe source + plane.offset + row * plane.stride
            unsafe UnsafeMutableRawPointer(start + row * stride).copyMemory(from: from, byteCount: plane.rowBytes)
        }
    }

    /// Both planes of chroma side by side, as 8-bit hardware encoders want it.
    private func pairChroma(of layout: PictureLayout, from bytes: UnsafeRawBufferPointer) {
        guard let (start, stride) = unsafe target(1) else { return }
        let (blue, red) = (layout.planes[1], layout.planes[2])
        for row in 0..<blue.rows {
            for column in 0..<blue.rowBytes {
                unsafe start[row * stride + 2 * column] = bytes[blue.offset + row * blue.stride + column]
                unsafe start[row * stride + 2 * column + 1] = bytes[red.offset + row * red.stride + column]
            }
        }
    }
}
