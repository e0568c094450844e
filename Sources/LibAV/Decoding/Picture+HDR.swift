internal import CFFmpeg
internal import VideoTypes

extension Picture {
    /// The bitstream's metadata of the picture about the display and the light (HEVC D.2.28 and D.2.35, AV1 5.8.2 and 5.8.3).
    var hdr: HDRMetadata? {
        HDRMetadata(masteringDisplay: masteringDisplay, contentLightLevel: contentLightLevel)
    }

    private var masteringDisplay: MasteringDisplay? {
        guard let data = unsafe sideData(AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, AVMasteringDisplayMetadata.self)
        else { return nil }
        return unsafe MasteringDisplay(data.pointee)
    }

    private var contentLightLevel: ContentLightLevel? {
        guard let data = unsafe sideData(AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, AVContentLightMetadata.self) else {
            return nil
        }
        return unsafe ContentLightLevel(data.pointee)
    }

    /// SAFETY: by libavutil's documentation, side data of `type` holds a `Value`, aligned for every type; it lives as long as
    /// the picture has it.
    private func sideData<Value>(_ type: AVFrameSideDataType, _: Value.Type) -> UnsafePointer<Value>? {
        guard let data = unsafe av_frame_get_side_data(pointer, type), let bytes = unsafe data.pointee.data,
            unsafe data.pointee.size >= MemoryLayout<Value>.size
        else { return nil }
        return unsafe UnsafePointer(UnsafeRawPointer(bytes).assumingMemoryBound(to: Value.self))
    }
}
