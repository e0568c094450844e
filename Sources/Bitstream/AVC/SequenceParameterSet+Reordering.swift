package import VideoTypes

extension SequenceParameterSet {
    /// Pictures that may come before one that they are shown after: `max_num_reorder_frames`, or what is inferred where the
    /// stream does not have it (E.2.1). `0...16`.
    package var reorderDepth: Int {
        if pictureOrderCount == .decodingOrder { return 0 }
        if let declared = maxNumReorderFrames { return declared }
        return isIntraProfile ? 0 : maxDpbFrames
    }

    /// Every picture is a key picture (A.2.8 to A.2.11).
    private var isIntraProfile: Bool {
        profileIdc == 44 || ([86, 100, 110, 122, 244].contains(profileIdc) && constraints & 0x10 != 0)
    }

    /// `MaxDpbFrames` of the level (A.3.1); the maximum, if the level cannot hold what the stream needs, as some cameras write
    /// it.
    private var maxDpbFrames: Int {
        let most = PresentationOrder.largestDepth
        let level = AVCLevel.level(levelIdc: levelIdc, profileIdc: profileIdc, constraints: constraints)
        guard let level else { return most }
        let frames = level.maxDpbMacroblocks / (widthInMacroblocks * heightInMacroblocks)
        return frames < max(1, maxNumRefFrames) ? most : min(frames, most)
    }

    /// The size that is shown where a container has a size of its own: its size, where that leaves off less than a macroblock
    /// at the right and at the bottom, as cameras write it that have no cropping in the stream; else ``croppedSize``.
    package func shownSize(in container: PictureSize?) -> PictureSize {
        let own = croppedSize
        guard let container, geometry.crop.left == 0, geometry.crop.top == 0,
            container.width <= own.width, container.height <= own.height,
            (container.width + 15) / 16 == (own.width + 15) / 16,
            (container.height + 15) / 16 == (own.height + 15) / 16
        else { return own }
        return container
    }
}
