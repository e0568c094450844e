internal import VideoTypes

// The loops over rows. Each gets a row's destination from the fit of its plane; cropped rows have none.
extension StripConverter {
    func convertPackedHalving(
        _ rows: SourceRows,
        _ pixels: PackedPixels,
        from bytes: RawSpan,
        into target: inout MutableRawSpan
    ) {
        for y in rows.groups {
            let chromaRow = y / rows.rowsPerGroup
            guard let luma = fits[0].row(y), let cb = fits[1].row(chromaRow), let cr = fits[2].row(chromaRow) else {
                continue
            }
            let below = rows.rowsPerGroup == 2 && rows.all.contains(y + 1) ? fits[0].row(y + 1) : nil
            let second = rows.bytes(y + rows.rowsPerGroup - 1)
            Kernels.halve(
                PackedRows(pixels: pixels, first: rows.bytes(y), second: second),
                halving,
                from: bytes,
                to: TargetRows(luma: luma, secondLuma: below, cb: cb, cr: cr),
                in: &target
            )
            fits[0].pad(luma, y, in: &target)
            if let below { fits[0].pad(below, y + 1, in: &target) }
            fits[1].pad(cb, chromaRow, in: &target)
            fits[2].pad(cr, chromaRow, in: &target)
        }
    }

    func convertPacked(
        _ rows: SourceRows,
        _ pixels: PackedPixels,
        from bytes: RawSpan,
        into target: inout MutableRawSpan
    ) {
        for y in rows.all {
            guard let luma = fits[0].row(y), let cb = fits[1].row(y), let cr = fits[2].row(y) else { continue }
            Kernels.convert(
                PackedRows(pixels: pixels, first: rows.bytes(y), second: rows.bytes(y)),
                from: bytes,
                to: TargetRows(luma: luma, secondLuma: nil, cb: cb, cr: cr),
                in: &target
            )
            for (fit, row) in zip(fits[...2], [luma, cb, cr]) { fit.pad(row, y, in: &target) }
        }
    }

    func convertChannels(
        _ rows: SourceRows,
        _ places: [Int],
        of bytesPerPixel: Int,
        from bytes: RawSpan,
        into target: inout MutableRawSpan
    ) {
        for y in rows.all {
            for (fit, place) in zip(fits, places) {
                guard let row = fit.row(y) else { continue }
                Kernels.channel(rows.bytes(y), place: place, of: bytesPerPixel, from: bytes, to: row, in: &target)
                fit.pad(row, y, in: &target)
            }
        }
    }

    func convertGray(
        _ rows: SourceRows,
        _ resampling: PlaneStep.Resampling?,
        from bytes: RawSpan,
        into target: inout MutableRawSpan
    ) {
        for y in rows.all {
            guard let row = fits[0].row(y) else { continue }
            if let resampling {
                Kernels.resample(SampleRows(first: rows.bytes(y)), resampling, nil, from: bytes, to: row, in: &target)
            } else {
                Kernels.copy(rows.bytes(y), from: bytes, to: row, in: &target)
            }
            fits[0].pad(row, y, in: &target)
        }
        let format = self.target.format
        let neutral = 1 << (format.bitDepth - 1)
        for y in rows.groups {
            for fit in fits[1...2] {
                guard let row = fit.row(y / rows.rowsPerGroup) else { continue }
                Kernels.fill(row, with: neutral, bytesPerSample: format.bytesPerSample, in: &target)
                fit.pad(row, y / rows.rowsPerGroup, in: &target)
            }
        }
    }

    func convertPlane(
        _ rows: SourceRows,
        _ step: PlaneStep,
        from bytes: RawSpan,
        into target: inout MutableRawSpan
    ) {
        for y in rows.groups {
            let targetRow = y / rows.rowsPerGroup
            for (component, place) in step.targets.enumerated() {
                guard let row = fits[place].row(targetRow) else { continue }
                let (first, second) = (rows.bytes(y), rows.bytes(y + rows.rowsPerGroup - 1))
                if let resampling = step.resampling {
                    let sources = SampleRows(
                        first: first,
                        second: step.halvesRows ? second : nil,
                        component: component,
                        targetComponent: step.targetComponents[component]
                    )
                    let columns = step.halvesColumns ? halving : nil
                    Kernels.resample(sources, resampling, columns, from: bytes, to: row, in: &target)
                } else {
                    convertBytes(step, first, second, from: bytes, to: row, into: &target)
                }
                fits[place].pad(row, targetRow, in: &target)
            }
        }
    }

    private func convertBytes(
        _ step: PlaneStep,
        _ first: Range<Int>,
        _ second: Range<Int>,
        from bytes: RawSpan,
        to row: Range<Int>,
        into target: inout MutableRawSpan
    ) {
        switch (step.halvesColumns, step.halvesRows) {
        case (true, _): Kernels.halve(first, second, halving, from: bytes, to: row, in: &target)
        case (false, true): Kernels.mean(first, second, from: bytes, to: row, in: &target)
        case (false, false): Kernels.copy(first, from: bytes, to: row, in: &target)
        }
    }

    /// The target's alpha, unless it comes from a plane of its own.
    func convertAlpha(_ rows: SourceRows, from bytes: RawSpan, into target: inout MutableRawSpan) {
        if alphaPlane == .opaque { return makeOpaque(rows.all, in: &target) }
        guard case .packed(let place) = alphaPlane else { return }
        for y in rows.all {
            guard let row = fits[3].row(y) else { continue }
            Kernels.alpha(rows.bytes(y), place: place, from: bytes, to: row, in: &target)
            fits[3].pad(row, y, in: &target)
        }
    }

    /// Rows of alpha for a source without it.
    func makeOpaque(_ rows: Range<Int>, in target: inout MutableRawSpan) {
        for y in rows {
            guard let row = fits[3].row(y) else { continue }
            Kernels.fill(row, with: 255, bytesPerSample: 1, in: &target)
            fits[3].pad(row, y, in: &target)
        }
    }
}
