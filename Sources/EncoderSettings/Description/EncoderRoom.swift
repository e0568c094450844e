internal import EncoderCore
package import VideoTypes

/// What an encoder takes of threads and memory.
struct EncoderRoom {
    /// Threads that share its work; `nil` is one for each processor.
    var workers: Int?
    /// Threads that it starts beside them.
    var others: Int
    /// Bytes that it keeps for each pixel of a picture with 8 bits.
    var bytesPerPixel: Int
}

extension LibAVEncoderDescription {
    /// Throws unless an encoder in software finds the threads and the memory without which it waits without end (libx265, SVT-AV1)
    /// or aborts the process (rav1e).
    package func requireRoom(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        guard let room = room(config) else { return }
        let pixels = config.size.width * config.size.height * (config.values.bitDepth > 8 ? 2 : 1)
        try CodecRoom.require(
            for: name,
            workers: room.workers,
            others: room.others,
            bytes: room.bytesPerPixel * pixels
        )
    }

    /// What was measured with presets from fast to slow (x265 3.5, SVT-AV1 1.4, rav1e 0.5), and some more; `nil` for hardware.
    private func room(_ config: ValidatedEncoderConfig) -> EncoderRoom? {
        let threads = config.values.threads
        switch name {
        case "libx265": return EncoderRoom(workers: threads, others: 8, bytesPerPixel: 150)
        case "libsvtav1":
            return EncoderRoom(workers: Self.svtThreads(threads, config.size), others: 0, bytesPerPixel: 450)
        case "librav1e": return EncoderRoom(workers: threads, others: 2, bytesPerPixel: 800)
        default: return nil
        }
    }

    /// SVT-AV1 starts threads for each of its stages: 16 in all with one processor, else by the processors of the machine, which
    /// need not be those that this process may use, and by the picture's size.
    private static func svtThreads(_ asked: Int?, _ size: PictureSize) -> Int {
        let cores = min(asked ?? Int.max, CodecRoom.onlineCores)
        let (least, perColumn): (Int, Double) =
            switch cores {
            case ...1: (18, 0)
            case 2: (75, 0.033)
            case 3...4: (115, 0.075)
            case 5...8: (260, 0.19)
            case 9...32: (320, 0.24)
            default: (540, 0.24)
            }
        return least + Int(perColumn * (Double(size.width) * Double(size.height)).squareRoot())
    }
}
