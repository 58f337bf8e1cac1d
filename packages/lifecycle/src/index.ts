// oxlint-disable-next-line unicorn/require-module-specifiers -- nothing is in here yet
export {}
