import lockFile from '../../package-lock.json';

test("package-lock.json names every platform's packages, without which npm ci refuses it on another platform", () => {
  const packages = lockFile.packages as Record<string, { optionalDependencies?: Record<string, string> }>;
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});
