internal import Containers
public import Encoding
internal import Ingest
public import Jobs
internal import Media
internal import Places
public import SystemPackage
internal import Threading
internal import VideoTypes

extension ShardPlan {
    /// The result of a shard.
    public struct ShardOutcome: Sendable {
        /// The shard's receipt.
        public let receipt: ShardReceipt
        /// The shard existed already, and nothing was encoded.
        public let wasUpToDate: Bool
    }

    /// Encodes a segment, unless that has been done.
    ///
    /// - Parameters:
    ///   - index: Which one.
    ///   - job: The job, made again from ``arguments``; its input may have another path.
    ///   - folder: Where shards are.
    ///   - context: As for a job. An interrupt leaves no files: a shard is complete or does not exist.
    /// - Throws: ``Jobs/JobError``, among others if the input's bytes are not those that were planned.
    @available(*, noasync, message: "blocks the calling thread")
    public func encodeShard(
        _ index: Int,
        _ job: EncodeJob,
        in folder: FilePath,
        _ context: EncodeJob.Context
    ) throws(JobError) -> ShardOutcome {
        guard segments.indices.contains(index) else {
            throw .usage("\(Setting.shardIndex) \(index) is not in 0...\(segments.count - 1), which the plan has")
        }
        try checkLibraries()
        let folder = ShardFolder(path: folder)
        if let receipt = folder.isValid(index, self) { return ShardOutcome(receipt: receipt, wasUpToDate: true) }
        let target = try ShardTarget(folder, try folder.make(), index, self)
        let run = ShardRun(plan: self, part: segments[index], job: restored(job), target: target, context: context)
        do throws(JobError) {
            return ShardOutcome(receipt: try run.encode(), wasUpToDate: false)
        } catch .output(.exists(let path)) {
            // The same shard was started twice, as schedulers do, and the other one was faster.
            guard let receipt = folder.isValid(index, self) else { throw .shardInWork(name: path.shown) }
            return ShardOutcome(receipt: receipt, wasUpToDate: true)
        }
    }
}

/// The encoding of one shard.
private struct ShardRun {
    let plan: ShardPlan
    let part: ShardPlan.Part
    let job: EncodeJob
    let target: ShardTarget
    let context: EncodeJob.Context

    func encode() throws(JobError) -> ShardReceipt {
        let (start, name) = (ContinuousClock.now, job.input.origin.name)
        let opened = try EncodeRun(job, context).openRanges()
        if let what = difference(opened.file.shape, header: opened.header) {
            throw .input(.changed(name: name, what: what))
        }
        try plan.checkConfiguration(opened.plan)
        let digest = InputDigest()
        var frames = try reader(opened, digest)
        let sink = ShardSink(try open(target.shard, overwrite: target.replacesShard || target.isThere))
        try encode(&frames, opened.plan, into: sink)
        guard !context.interrupt.isTriggered else { throw .interrupted }
        guard digest.finish() == part.sha256 else {
            let frames = Quantity.count(part.frames, "frame")
            let what = "changed since it was planned, in the \(frames) from frame \(part.firstFrame) on"
            throw .input(.changed(name: name, what: what))
        }
        return try publish(sink, seconds: start.duration(to: .now))
    }

    private func difference(_ shape: FileShape, header: String?) -> String? {
        let planned = plan.input
        guard header == planned.header else {
            let (now, before) = (header ?? "none", planned.header ?? "none")
            return "has a different Y4M header than when it was planned: \(now), not \(before)"
        }
        if shape.frames != planned.frames {
            return "has \(Quantity.count(shape.frames, "frame")), but had \(planned.frames) when it was planned"
        }
        guard shape.start != planned.start else { return nil }
        return "has its first frame at byte \(shape.start), but at \(planned.start) when it was planned"
    }

    private func reader(
        _ opened: PlannedRanges,
        _ digest: InputDigest
    ) throws(JobError) -> FrameReader {
        let plan = opened.plan
        let bounds = try SegmentBounds(
            ranges: job.bounds,
            workers: 1,
            pictureBytes: plan.target.byteCount,
            scratchBytes: PictureReader.scratchBytes(source: plan.source, conversion: plan.conversion)
        )
        return try opened.file.reader(
            of: part.segment,
            plan,
            job.selection,
            pictures: bounds.pictures,
            context,
            observe: { digest.update($0) }
        )
    }

    private func encode(
        _ frames: inout FrameReader,
        _ plan: EncodePlan,
        into sink: ShardSink
    ) throws(JobError) {
        let queue = QueueLimits(soft: job.bounds.queueDepth, hard: job.bounds.queueDepth)
        let encoder = SegmentEncoder(plan, job, context, queue: queue)
        let encoders = StageThreads(clock: encoder.clock, count: 1)
        context.progress.begin(encoders: encoders, framerate: plan.framerate, knownFrames: part.frames)
        let result: SegmentEncoder.Result
        do throws(JobError) {
            result = try encoder.encode(
                &frames,
                firstFrame: part.firstFrame,
                bytesPerFrame: plan.source.byteCount
            ) { [context] chunk in
                let (count, bytes) = try sink.write(chunk)
                context.progress.didWrite(chunks: count, bytes: bytes)
            }
        } catch .encoder(.output(let error as SinkError)) {
            throw .output(error)
        }
        guard result.frames == part.frames || context.interrupt.isTriggered else {
            throw .input(.changedLength(name: job.input.origin.name))
        }
    }

    private func open(_ path: FilePath, overwrite: Bool) throws(JobError) -> ByteSink {
        try asJobError { () throws(SinkError) in
            try ByteSink(
                opening: .path(path),
                target.lookup,
                overwrite: overwrite,
                temporaries: context.temporaries
            )
        }
    }

    /// The shard is renamed into place first, and then its receipt: if the receipt exists, the shard is complete.
    private func publish(_ sink: ShardSink, seconds: Duration) throws(JobError) -> ShardReceipt {
        let (digest, bytes, shard) = try target.publish(sink)
        let (whole, attoseconds) = seconds.components
        let receipt = ShardReceipt(
            plan: plan.digest,
            index: part.index,
            frames: part.frames,
            bytes: bytes,
            sha256: digest,
            inode: shard?.inode,
            born: shard?.born,
            program: "sluice \(SluiceVersion.current)",
            wallSeconds: ((Double(whole) + Double(attoseconds) * 1e-18) * 1000).rounded() / 1000,
            sandbox: context.sandbox
        )
        var file = try open(target.receipt, overwrite: target.replacesReceipt)
        do throws(SinkError) {
            try file.write(receipt.line)
            try file.sync()
            try file.publish()
        } catch {
            throw .output(error)
        }
        return receipt
    }
}
