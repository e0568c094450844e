/// What decoding an output has shown, as the receipt has it.
public struct Verification: Codable, Hashable, Sendable {
    /// What the decoded pictures were held against.
    public enum Reference: String, Codable, Sendable {
        /// The source's own pictures, read again.
        case source
        /// The means of the blocks of each plane, which were kept while encoding.
        case means
    }

    /// Pictures that were decoded: as many as went in, in their order, at their times.
    public let frames: Int
    /// What they were held against.
    public let reference: Reference
    /// How near they are to the source, if that was read again.
    public let psnr: PSNR?

    package init(frames: Int, reference: Reference, psnr: PSNR?) {
        (self.frames, self.reference, self.psnr) = (frames, reference, psnr)
    }

    /// Decibels over all frames.
    public struct PSNR: Codable, Hashable, Sendable {
        /// Of all samples, as ffmpeg's `average`; `nil` if no sample differs.
        public let average: Double?
        /// Of each plane; `nil` where no sample differs.
        public let planes: [Double?]
        /// Of the worst frame; `nil` if no sample differs.
        public let lowest: Double?
        /// The number of the worst frame.
        public let lowestFrame: Int

        package init(average: Double?, planes: [Double?], lowest: Double?, lowestFrame: Int) {
            (self.average, self.planes, self.lowest, self.lowestFrame) = (average, planes, lowest, lowestFrame)
        }
    }
}
