import Bitstream
import VideoTypes

extension FuzzTarget {
    /// Records that containers carry.
    static let records = [
        FuzzTarget("avcC") { bytes in
            let record = try AVCDecoderConfigurationRecord(parsing: bytes)
            require([1, 2, 4].contains(record.lengthSize), "lengths of \(record.lengthSize) bytes")
            var setup = UnitReaderSetup(.h264)
            setup.description = bytes
            _ = try setup.makeReader()
        },
        FuzzTarget("hvcC") { bytes in
            let record = try HEVCDecoderConfigurationRecord(parsing: bytes)
            require([1, 2, 4].contains(record.lengthSize), "lengths of \(record.lengthSize) bytes")
            var setup = UnitReaderSetup(.hevc)
            setup.description = bytes
            _ = try setup.makeReader()
        },
        FuzzTarget("av1C") { bytes in
            _ = try AV1CodecConfigurationRecord(parsing: bytes)
            var setup = UnitReaderSetup(.av1)
            setup.description = bytes
            _ = try setup.makeReader()
        },
        FuzzTarget("adts") { bytes in _ = try ADTSFrame(parsing: bytes) },
    ]
}
