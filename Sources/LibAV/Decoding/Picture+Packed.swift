internal import CFFmpeg
internal import VideoTypes

extension Picture {
    /// The picture's memory, which stays until the buffer is dropped; `nil` unless it is one piece that is laid out so.
    ///
    /// - Parameter layout: The layout that a frame has.
    func packedBytes(_ layout: PictureLayout) -> PlaneBuffer? {
        guard unsafe pointer.pointee.buf.1 == nil, let whole = unsafe pointer.pointee.buf.0,
            unsafe isPacked(layout, in: whole), let shared = unsafe av_buffer_ref(whole)
        else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: shared.pointee.data, count: layout.byteCount)
        let address = UInt(bitPattern: shared)
        // SAFETY: libavcodec keeps no reference to a picture that can be decoded by itself, so that nobody writes to the bytes.
        return unsafe PlaneBuffer(readingFrom: bytes) {
            var shared = unsafe UnsafeMutablePointer<AVBufferRef>(bitPattern: address)
            unsafe av_buffer_unref(&shared)
        }
    }

    private func isPacked(_ layout: PictureLayout, in whole: UnsafeMutablePointer<AVBufferRef>) -> Bool {
        guard let base = unsafe whole.pointee.data, unsafe whole.pointee.size >= layout.byteCount else { return false }
        let (data, strides) = unsafe (pointer.pointee.data, pointer.pointee.linesize)
        let starts = unsafe [data.0, data.1, data.2, data.3]
        let rows = [strides.0, strides.1, strides.2, strides.3]
        return layout.planes.count <= 4
            && layout.planes.enumerated().allSatisfy { index, plane in
                unsafe starts[index] == base + plane.offset && rows[index] == plane.stride
            }
    }
}
