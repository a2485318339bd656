"""docs/method.md once more, in numpy: written from that page, not from the C sources.

One module a step, in the order of the page:

    photo     a JPEG file -> its Y plane, exposure, gain, content hash
    similar   thumbnails, distance, which photos of a series are taken
    sums      ring, sigma, z, weights, and the integer sums over the photos
    maps      sums -> four maps, normalised; thresholds; score
    lines     bad columns and rows
    tail      how many false detections are to be expected
    peaks     overlays, peaks without their ghosts, width
    defects   class, box, and the list of defects
    variance  the article's statistic, by Welford's recurrence

Arrays are indexed [y, x]. Section numbers in the comments are those of docs/method.md.
"""
