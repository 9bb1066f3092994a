# JupyterHub with DockerSpawner, for docker-compose.yml.
ARG BASE=quay.io/jupyterhub/jupyterhub:6.1
FROM ${BASE}

RUN python3 -m pip install --no-cache-dir "dockerspawner==14.*"
COPY jupyterhub_config.py /srv/jupyterhub/jupyterhub_config.py
HEALTHCHECK --interval=30s --timeout=5s CMD ["python3", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/hub/health')"]
CMD ["jupyterhub", "--config", "/srv/jupyterhub/jupyterhub_config.py"]
