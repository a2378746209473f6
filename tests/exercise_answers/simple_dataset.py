"""Answers to the exercises of section S."""

from .form import Answers

ANSWERS = {
    "S01": Answers(
        right="""
class Pairs:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        if not -len(self) <= i < len(self):
            raise IndexError(f"sample {i} of {len(self)}")
        return self.x[i], self.y[i]
""",
        wrong={
            "never stops": (
                "if not -len(self) <= i < len(self)",
                "if False",
            ),
            "stops one later": ("i < len(self)", "i <= len(self)"),
            "stops one earlier": ("i < len(self)", "i < len(self) - 1"),
            "no negative index": ("-len(self) <= i", "0 <= i"),
            "no lower bound": ("-len(self) <= i < len(self)", "i < len(self)"),
            "StopIteration": ("IndexError", "StopIteration"),
            "counts the numbers": ("len(self.x)", "self.x.size"),
            "a fixed length": ("len(self.x)", "100"),
            "x alone": ("self.x[i], self.y[i]", "self.x[i]"),
            "a list": ("return self.x[i], self.y[i]", "return [self.x[i], self.y[i]]"),
            "the pair turned round": ("self.x[i], self.y[i]", "self.y[i], self.x[i]"),
        },
    ),
    "S02": Answers(
        right="""
class AddMultiply:
    def __init__(self, add_x=1, mul_y=1):
        self.add_x, self.mul_y = add_x, mul_y

    def __call__(self, sample):
        x, y = sample
        return x + self.add_x, y * self.mul_y
""",
        wrong={
            "y stays": ("y * self.mul_y", "y"),
            "multiplies x": ("x + self.add_x, y * self.mul_y", "(x + self.add_x) * self.mul_y, y"),
            "writes into the dataset": (
                "return x + self.add_x, y * self.mul_y",
                "x += np.float32(self.add_x)\n        return x, y * self.mul_y",
            ),
            "adds to y as well": ("y * self.mul_y", "(y + self.add_x) * self.mul_y"),
            "forgets its arguments": (
                "self.add_x, self.mul_y = add_x, mul_y",
                "self.add_x, self.mul_y = 1, 1",
            ),
            "other defaults": ("add_x=1, mul_y=1", "add_x=0, mul_y=1"),
            "multiplies by 10 without arguments": ("mul_y=1", "mul_y=10"),
            "a list": (
                "return x + self.add_x, y * self.mul_y",
                "return [x + self.add_x, y * self.mul_y]",
            ),
            "the numbers exchanged": (
                "self.add_x, self.mul_y = add_x, mul_y",
                "self.mul_y, self.add_x = add_x, mul_y",
            ),
        },
    ),
    "S03": Answers(
        right="""
class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, sample):
        for transform in self.transforms:
            sample = transform(sample)
        return sample
""",
        wrong={
            "from right to left": ("in self.transforms", "in reversed(self.transforms)"),
            "only the first": (
                "            sample = transform(sample)\n",
                "            return transform(sample)\n",
            ),
            "each on the original": (
                "sample = transform(sample)\n        return sample",
                "result = transform(sample)\n        return result if self.transforms else sample",
            ),
            "nothing without transforms": (
                "        return sample",
                "        return sample if self.transforms else None",
            ),
            "eats its list": (
                "for transform in self.transforms:\n            sample = transform(sample)",
                "while self.transforms:\n            sample = self.transforms.pop(0)(sample)",
            ),
            "an iterator that is used up": (
                "self.transforms = transforms",
                "self.transforms = iter(transforms)",
            ),
            "grows with each call": (
                "        return sample",
                "        self.transforms = self.transforms * 2\n        return sample",
            ),
            "drops the results": ("sample = transform(sample)", "transform(sample)"),
        },
    ),
    "S04": Answers(
        right="""
for start in range(0, len(dataset), size):
    xs, ys = zip(*dataset[start : start + size])
    yield np.stack(xs), np.stack(ys)""",
        wrong={
            "drops the last batch": (
                "range(0, len(dataset), size)",
                "range(0, len(dataset) - size + 1, size)",
            ),
            "batches overlap": ("range(0, len(dataset), size)", "range(0, len(dataset))"),
            "one too large": ("start + size]", "start + size + 1]"),
            "an empty batch at the end": """
for start in range(0, len(dataset) + 1, size):
    part = dataset[start : start + size]
    yield np.array([x for x, _ in part]), np.array([y for _, y in part])""",
            "lists": ("np.stack(xs), np.stack(ys)", "list(xs), list(ys)"),
            "concatenated": (
                "np.stack(xs), np.stack(ys)",
                "np.concatenate(xs), np.concatenate(ys)",
            ),
            "pairs for a batch": (
                "yield np.stack(xs), np.stack(ys)",
                "yield dataset[start : start + size]",
            ),
            "always the first batch": ("dataset[start : start + size]", "dataset[:size]"),
            "fills the last batch up": """
for start in range(0, len(dataset), size):
    part = (dataset[start : start + size] + dataset)[:size]
    xs, ys = zip(*part)
    yield np.stack(xs), np.stack(ys)""",
        },
    ),
    "S05": Answers(
        right="""
noise = np.random.default_rng((seed, epoch, index)).uniform(-0.5, 0.5, x.shape)
return x + noise.astype(np.float32)""",
        wrong={
            "the shared generator": (
                "np.random.default_rng((seed, epoch, index)).uniform",
                "np.random.uniform",
            ),
            "seeds the shared generator": """
np.random.seed(seed + 100 * epoch + 10000 * index)
return x + np.random.uniform(-0.5, 0.5, x.shape).astype(np.float32)""",
            "seeds the library's generator": """
fc.manual_seed(seed + 100 * epoch + 10000 * index)
return x + (fc.random.rand(*x.shape) - 0.5)""",
            "the sum of the three": ("(seed, epoch, index)", "seed + epoch + index"),
            "the epoch forgotten": ("(seed, epoch, index)", "(seed, index)"),
            "the index forgotten": ("(seed, epoch, index)", "(seed, epoch)"),
            "the seed forgotten": ("(seed, epoch, index)", "(epoch, index)"),
            "no seed at all": ("(seed, epoch, index)", ""),
            "one number for all elements": ("x.shape", "1"),
            "float64": (".astype(np.float32)", ""),
            "too much noise": ("-0.5, 0.5", "-1, 1"),
            "writes into the sample": (
                "return x + noise.astype(np.float32)",
                "x += noise\nreturn x",
            ),
            "no noise": "return x",
        },
    ),
    "S06": Answers(
        right="""
generator = fc.Generator(seed)
for _ in range(epoch + 1):
    order = fc.random.randperm(length, generator=generator)
return order.tolist()""",
        wrong={
            "the same order each epoch": """
return fc.random.randperm(length, generator=fc.Generator(seed)).tolist()""",
            "the epoch added to the seed": (
                "return fc.random.randperm(length, generator=fc.Generator(seed + epoch)).tolist()"
            ),
            "no shuffle": "return list(range(length))",
            "with repetitions": """
generator = fc.Generator(seed)
return fc.random.randint(0, length, (length,), generator=generator).tolist()""",
            "the shared generator": "return fc.random.randperm(length).tolist()",
            "NumPy's generator": """
return np.random.default_rng((seed, epoch)).permutation(length).tolist()""",
            "one epoch late": ("range(epoch + 1)", "range(epoch + 2)"),
            "an array": ("order.tolist()", "order"),
            "permutes the permutation": """
generator = fc.Generator(seed)
order = np.arange(length)
for _ in range(epoch + 1):
    order = order[fc.random.randperm(length, generator=generator)]
return order.tolist()""",
        },
    ),
}
